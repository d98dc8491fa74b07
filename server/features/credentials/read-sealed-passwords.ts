import type { Context } from "#server/context.ts";
import { openPassword } from "./sealed-password.ts";
import { discardSealedPasswords, listSealedPasswords } from "./store.ts";

/** The passwords that wait to be mailed, opened. Who has none, or one whose seal does not open, is not in the answer. */
export async function readSealedPasswords(
  ctx: Context,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const { opened, broken } = openSeals(ctx, await listSealedPasswords(ctx, userIds));
  if (broken.length > 0) await discardSealedPasswords(ctx, broken);
  return opened;
}

/**
 * Opens each by itself: one that does not open (damaged, or made under another instance key) is nobody else's trouble. It
 * is of no use, so whoever calls this erases it; its owner is sent a link to set a password.
 */
export function openSeals(
  { tenantId, instance, log }: Pick<Context, "tenantId" | "instance" | "log">,
  seals: readonly { userId: string; sealed: Buffer }[],
) {
  const opened = new Map<string, string>();
  const broken: string[] = [];
  for (const { userId, sealed } of seals) {
    try {
      opened.set(userId, openPassword(instance.secrets, { tenantId, userId }, sealed));
    } catch {
      log.error(
        { tenantId, userId },
        "a sealed password does not open: it is erased, a link to set one goes instead",
      );
      broken.push(userId);
    }
  }
  return { opened, broken };
}
