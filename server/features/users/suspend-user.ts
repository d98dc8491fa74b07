import type { Context } from "#server/context.ts";
import { lockUserForRemoval } from "./lock-user.ts";
import { readUser } from "./present-users.ts";
import { suspendUsers } from "./suspend-users.ts";

/** Signed out everywhere, no sign-in, and what was not sent yet is withdrawn. */
export async function suspendUser(ctx: Context, userId: string) {
  const user = await lockUserForRemoval(ctx, userId);
  if (user.status !== "suspended") await suspendUsers(ctx, [user]);
  return readUser(ctx, userId);
}
