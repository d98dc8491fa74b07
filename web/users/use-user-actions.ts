import {
  resendCredentials,
  resendInvitation,
  revokeInvitation,
} from "#server/features/invitations/contract.ts";
import { deleteUser, reactivateUser, suspendUser, type User } from "#server/features/users/contract.ts";
import type { Endpoint } from "#server/platform/http/endpoint.ts";
import { call, type Input } from "../api.ts";
import { onItsWay } from "../messages/on-its-way.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { tellWithUndo } from "../ui/tell-with-undo.ts";
import { tell } from "../ui/toast.ts";
import { fullName } from "./person.ts";
import { useRestore } from "./use-restore.ts";

/** The verbs on one user; each says afterwards what happened. */
export function useUserActions(user: User) {
  const params = { tenant: useTenant(), userId: user.id };
  const name = fullName(user);
  const restore = useRestore();
  const me = useMe();
  const mayRestore = may(me, "users.create");
  const action =
    <E extends Endpoint>(endpoint: E, told: string) =>
    async () => {
      await call(endpoint, { params } as unknown as Input<E>);
      await forget("users", "groups", "messages");
      tell(told);
    };
  return {
    suspend: action(suspendUser, `${name} is suspended.`),
    reactivate: action(reactivateUser, `${name} can sign in again.`),
    resendInvitation: action(
      resendInvitation,
      `${onItsWay(me, "A new link", user.email)} The old one no longer works.`,
    ),
    revoke: action(revokeInvitation, `The invitation of ${name} is revoked.`),
    resendEmail: action(
      resendCredentials,
      user.lastSignInAt
        ? `${onItsWay(me, "A link to set a new password", user.email)} The old password works until then.`
        : onItsWay(me, "A new email", user.email),
    ),
    remove: async () => {
      await call(deleteUser, { params });
      await forget("users", "groups", "messages");
      const told = `${name} was deleted.`;
      if (mayRestore) tellWithUndo(told, () => restore(user));
      else tell(told);
    },
  };
}
