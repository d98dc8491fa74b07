import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { emailTaken } from "../add-user.ts";
import { readUser } from "../present-users.ts";
import { addressJustTaken, restoreUsers } from "./restore-users.ts";
import { lockDeleted } from "./store-deleted.ts";

/** Brings one deleted user back, or says why not. */
export async function restoreUser(ctx: Context, userId: string) {
  const [user] = await lockDeleted(ctx, [userId]);
  if (!user) throw notFound("deleted user");
  const { refused } = await restoreUsers(ctx, [userId]).catch((error: unknown) => {
    throw addressJustTaken(error) ? emailTaken(user.email) : error;
  });
  const refusal = refused.get(userId);
  if (refusal) throw refusal;
  return readUser(ctx, userId);
}
