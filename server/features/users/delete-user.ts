import type { Context } from "#server/context.ts";
import { deleteUsers } from "./delete-users.ts";
import { lockUserForRemoval } from "./lock-user.ts";

/** Gone from every list and signed out; the address is free at once, and what was not sent yet is withdrawn. */
export async function deleteUser(ctx: Context, userId: string): Promise<void> {
  await deleteUsers(ctx, [await lockUserForRemoval(ctx, userId)]);
}
