import type { Context } from "#server/context.ts";
import { deleteUsers } from "./deletion/delete-users.ts";

/** Deletes one user, or says why not. */
export async function deleteUser(ctx: Context, userId: string): Promise<void> {
  const { refused } = await deleteUsers(ctx, [userId]);
  const refusal = refused.get(userId);
  if (refusal) throw refusal;
}
