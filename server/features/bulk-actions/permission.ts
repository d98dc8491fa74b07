import type { Context } from "#server/context.ts";
import { requirePermission } from "#server/permissions.ts";
import { stillHolds } from "../users/still-holds.ts";
import type { ActingUser } from "./classify.ts";
import { type BulkVerb, bulkActionPermissions } from "./contract.ts";

export function whoActs({ actor }: Context): ActingUser {
  if (actor.kind !== "user") throw new Error("An action on many users is somebody's.");
  return { id: actor.id, role: actor.role };
}

export const requireMayDo = ({ role }: ActingUser, verb: BulkVerb) =>
  requirePermission(role, bulkActionPermissions[verb]);

/** Whoever started it, as they are now: who is not let in any more, or may it no longer, does nothing any more. */
export const stillMay = (ctx: Context, userId: string, verb: BulkVerb) =>
  stillHolds(ctx, userId, bulkActionPermissions[verb]);
