import type { Me } from "#server/features/sign-in/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { may, mayChange } from "../shell/session.ts";

type Named = { firstName: string; lastName: string };

export const fullName = ({ firstName, lastName }: Named) => `${firstName} ${lastName}`;
export const sortName = ({ firstName, lastName }: Named) => `${lastName}, ${firstName}`;

/** What this person may do with that user, now. */
export function actionsOn(me: Me, user: User) {
  const changes = mayChange(me, user.role);
  const self = me.id === user.id;
  const update = may(me, "users.update") && changes;
  const pending = user.status === "invited";
  return {
    // Names and groups of oneself are fine; losing one's own access by accident is not.
    edit: update,
    suspend: update && !self && user.status !== "suspended",
    reactivate: update && user.status === "suspended",
    resendInvitation: may(me, "invitations.manage") && changes && pending,
    revokeInvitation: may(me, "invitations.manage") && changes && pending && user.invitation !== "revoked",
    resendEmail: may(me, "invitations.manage") && changes && user.status === "active" && !self,
    remove: may(me, "users.delete") && changes && !self,
    exportData: may(me, "users.export") && (changes || self),
    handOver: may(me, "ownership.transfer") && !self,
  };
}

/** Whoever has been here has a password of their own by now: what they get is a link to set another. */
export const resendEmailWords = ({ lastSignInAt }: Pick<User, "lastSignInAt">) =>
  lastSignInAt ? "Send password link" : "Resend email";

/** Is there anything in the row's menu for them? */
export const hasMenu = ({ edit: _, ...others }: ReturnType<typeof actionsOn>) =>
  Object.values(others).some(Boolean);
