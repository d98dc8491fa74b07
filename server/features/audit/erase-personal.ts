import type { Context } from "#server/context.ts";
import { removePersonal } from "./store.ts";

/**
 * Erases what the audit log knows of people: values before and after, addresses. That something happened stays, by id, with
 * the digest of what is gone, so that the chain goes on to fit.
 */
export async function erasePersonal(ctx: Context, userIds: readonly string[]): Promise<void> {
  await removePersonal(ctx, userIds);
}
