import type { Context } from "#server/context.ts";
import { holds } from "#server/permissions.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { readUserRow } from "../users/store.ts";
import type { ActingUser } from "./classify.ts";
import { type BulkVerb, bulkActionPermissions } from "./contract.ts";

export const mayDo = ({ role }: ActingUser, verb: BulkVerb) => holds(role, bulkActionPermissions[verb]);

export function whoActs({ actor }: Context): ActingUser {
  if (actor.kind !== "user") throw new Error("An action on many users is somebody's.");
  return { id: actor.id, role: actor.role };
}

export function requirePermission(actor: ActingUser, verb: BulkVerb) {
  if (mayDo(actor, verb)) return;
  throw new ProblemError(
    403,
    "permission.missing",
    "Your role does not allow this. Ask an administrator of your organisation.",
  );
}

/** Whoever started it, as they are now: who is not let in any more, or may it no longer, does nothing any more. */
export async function stillMay(ctx: Context, userId: string, verb: BulkVerb) {
  const user = await readUserRow(ctx, userId);
  if (user?.status !== "active") return undefined;
  const actor: ActingUser = { id: user.id, role: user.role };
  return mayDo(actor, verb) ? actor : undefined;
}
