import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { readCredential } from "../credentials/store.ts";
import { latestMessages } from "../mail/store.ts";
import { invite } from "./invite.ts";
import { lockUser } from "./lock-user.ts";
import { readUser } from "./present-users.ts";
import { sendWelcome } from "./resend-credentials.ts";
import { writeStatus } from "./store.ts";

/**
 * Lets a suspended user in again. Whoever never got their first email (imported as suspended, or withdrawn) gets it now, and
 * so does whoever has no password any more (their address was corrected meanwhile).
 */
export async function reactivateUser(ctx: Context, userId: string) {
  const user = await lockUser(ctx, userId);
  if (user.status !== "suspended") return readUser(ctx, userId);
  const credential = await readCredential(ctx, userId, "lock");
  const status = credential ? "active" : "invited";
  await writeStatus(ctx, userId, status);
  await record(ctx, {
    action: "user.reactivated",
    target: { kind: "user", id: userId },
    changes: { status: { before: user.status, after: status } },
  });
  const told = (await latestMessages(ctx.tx, ctx.tenantId, [userId])).get(userId);
  const welcomed = user.last_sign_in_at !== null || told?.state === "accepted";
  if (!welcomed || credential?.password_hash === null) {
    if (credential) await sendWelcome(ctx, userId, credential);
    else await invite(ctx, [userId]);
  }
  return readUser(ctx, userId);
}
