import type { Context } from "#server/context.ts";
import { holds, type Permission } from "#server/permissions.ts";
import { readUserRow } from "./store.ts";

/** Whoever asked for work that goes on in the background, as they are now: undefined where they may not do it any more. */
export async function stillHolds(ctx: Context, userId: string, permission: Permission) {
  const user = await readUserRow(ctx, userId);
  return user?.status === "active" && holds(user.role, permission)
    ? { id: user.id, role: user.role }
    : undefined;
}
