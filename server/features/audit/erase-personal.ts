import type { Context } from "#server/context.ts";
import { listFormerAddresses, removePersonal, removeTyped } from "./store-personal.ts";

/**
 * Erases what the audit log knows of people: values before and after, addresses. That something happened stays, by id, with
 * the digest of what is gone, so that the chain goes on to fit. `addresses`, as compared: whoever typed one of them and was
 * nobody then is not known any more either.
 */
export async function erasePersonal(
  ctx: Context,
  userIds: readonly string[],
  addresses: readonly string[] = [],
): Promise<void> {
  await removePersonal(ctx, userIds);
  if (addresses.length > 0) await removeTyped(ctx, addresses);
}

/** The addresses that the log knows each of these people to have had, as they were typed. */
export const addressesInHistory = async (ctx: Context, userIds: readonly string[]) => {
  const rows = await listFormerAddresses(ctx, userIds);
  return new Map(
    [...Map.groupBy(rows, (row) => row.target_id)].map(([id, found]) => [id, found.map((row) => row.email)]),
  );
};
