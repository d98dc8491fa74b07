import type { Context } from "#server/context.ts";
import { erasePersonal } from "../audit/erase-personal.ts";
import { removeLinks } from "../credentials/links.ts";
import { removeCredentials } from "../credentials/store.ts";
import { removeMembershipsOf } from "../groups/store.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { removeUsers } from "./store.ts";

/**
 * Erases people nobody has met yet: it is as if they had never been made, and their addresses are free. What was not sent
 * to them is withdrawn. Of users this transaction has locked. Answers how many emails were withdrawn.
 */
export async function eraseUsers(ctx: Context, userIds: readonly string[]): Promise<number> {
  if (userIds.length === 0) return 0;
  const withdrawn = await withdrawMessages(ctx, userIds, { why: "Withdrawn: the import was undone." });
  await removeMembershipsOf(ctx, userIds);
  await removeCredentials(ctx, userIds);
  await removeLinks(ctx, userIds);
  await erasePersonal(ctx, userIds);
  await removeUsers(ctx, userIds);
  return withdrawn.length;
}
