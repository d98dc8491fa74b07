import type { Context } from "#server/context.ts";
import { erasePersonal } from "../audit/erase-personal.ts";
import { removeLinks } from "../credentials/links.ts";
import { removeCredentials } from "../credentials/store.ts";
import { removeMembershipsOf } from "../groups/store-former.ts";
import { eraseMessages } from "../mail/erase-messages.ts";
import { withdrawNotices } from "../mail/own-server/store-notices.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { removeUsers } from "./store.ts";

type Leaving = {
  /** What a message that was not sent says of it. */
  why: string;
  /** Addresses that are nobody's any more, as compared. */
  addresses?: readonly string[];
};

/**
 * Removes users and all that features to the left hold of them; their addresses are free, and what was not sent is
 * withdrawn. Of users this transaction has locked. Answers how many emails were withdrawn.
 */
export async function eraseUsers(
  ctx: Context,
  userIds: readonly string[],
  { why, addresses = [] }: Leaving,
): Promise<number> {
  if (userIds.length === 0) return 0;
  const withdrawn = await withdrawMessages(ctx, userIds, { why, everything: true });
  await withdrawNotices(ctx, userIds, why);
  await removeMembershipsOf(ctx, userIds);
  await removeCredentials(ctx, userIds);
  await eraseMessages(ctx, userIds);
  await removeLinks(ctx, userIds);
  await erasePersonal(ctx, userIds, addresses);
  await removeUsers(ctx, userIds);
  return withdrawn.length;
}
