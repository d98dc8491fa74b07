import type { Context } from "#server/context.ts";
import { holds, requirePermission } from "#server/permissions.ts";
import { readUserRow } from "../users/store.ts";
import type { ActingUser } from "./classify.ts";
import { type BulkVerb, bulkActionPermissions } from "./contract.ts";

export const mayDo = ({ role }: ActingUser, verb: BulkVerb) => holds(role, bulkActionPermissions[verb]);

export function whoActs({ actor }: Context): ActingUser {
  if (actor.kind !== "user") throw new Error("An action on many users is somebody's.");
  return { id: actor.id, role: actor.role };
}

export const requireMayDo = ({ role }: ActingUser, verb: BulkVerb) =>
  requirePermission(role, bulkActionPermissions[verb]);

/** Whoever started it, as they are now: who is not let in any more, or may it no longer, does nothing any more. */
export async function stillMay(ctx: Context, userId: string, verb: BulkVerb) {
  const user = await readUserRow(ctx, userId);
  if (user?.status !== "active") return undefined;
  const actor: ActingUser = { id: user.id, role: user.role };
  return mayDo(actor, verb) ? actor : undefined;
}
