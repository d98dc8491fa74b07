import type { Context } from "#server/context.ts";
import { holds, type Permission } from "#server/permissions.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { readUserRow } from "../users/store.ts";
import type { ActingUser } from "./classify.ts";
import type { BulkActionName } from "./contract.ts";

/** Whoever may do it to one user may do it to many. */
const needed: Record<BulkActionName, Permission> = {
  add_to_groups: "groups.update",
  remove_from_groups: "groups.update",
  suspend: "users.update",
  reactivate: "users.update",
  resend_invitation: "invitations.manage",
  send_password_link: "invitations.manage",
  delete: "users.delete",
};

export const mayDo = ({ role }: ActingUser, action: BulkActionName) => holds(role, needed[action]);

export function whoActs({ actor }: Context): ActingUser {
  if (actor.kind !== "user") throw new Error("An action on many users is somebody's.");
  return { id: actor.id, role: actor.role };
}

export function requirePermission(actor: ActingUser, action: BulkActionName) {
  if (mayDo(actor, action)) return;
  throw new ProblemError(
    403,
    "permission.missing",
    "Your role does not allow this. Ask an administrator of your organisation.",
  );
}

/** Whoever started it, as they are now: who is not let in any more, or may it no longer, does nothing any more. */
export async function stillMay(ctx: Context, userId: string, action: BulkActionName) {
  const user = await readUserRow(ctx, userId);
  if (user?.status !== "active") return undefined;
  const actor: ActingUser = { id: user.id, role: user.role };
  return mayDo(actor, action) ? actor : undefined;
}
