import type { Context } from "#server/context.ts";
import { lockUser } from "./lock-user.ts";
import { readUser } from "./present-users.ts";
import { reactivateUsers } from "./reactivate-users.ts";

/** Lets a suspended user in again. */
export async function reactivateUser(ctx: Context, userId: string) {
  const user = await lockUser(ctx, userId);
  if (user.status === "suspended") await reactivateUsers(ctx, [user]);
  return readUser(ctx, userId);
}
