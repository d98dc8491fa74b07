import { setTimeout as wait } from "node:timers/promises";
import type { Context, Door } from "#server/context.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { linkTokens, makeLinks } from "../credentials/links.ts";
import { hoursAfter, resetHours } from "../credentials/validity.ts";
import { addMessages } from "../mail/add-messages.ts";
import { emailKey } from "../users/email-address.ts";
import { findUserByEmail } from "../users/store.ts";

/** How long the answer takes, whatever was found; far above what the work takes. */
const answerAfterMs = 400;

/**
 * Has a link to set a new password sent to the address as it is stored. The same answer after the same time, whether the
 * address exists, is invited (then the invitation is sent again), is suspended or is nobody's.
 */
export async function requestReset(door: Door, email: string, http: Http) {
  await door.instance.throttle({ ip: http.ip, person: `reset:${door.tenantId}:${emailKey(email)}` });
  await Promise.all([door.run((ctx) => sendReset(ctx, email)), wait(answerAfterMs)]);
  return {};
}

async function sendReset(ctx: Context, email: string) {
  const user = await findUserByEmail(ctx, email);
  if (!user || user.status === "suspended") return;
  const invited = user.status === "invited";
  const purpose = invited ? "invitation" : "reset";
  const open = await linkTokens(ctx, purpose, [user.id]);
  // A link that can still be used is sent again as it is: whoever asks in somebody else's name does not kill it.
  if (!open.has(user.id)) {
    if (invited) return;
    await makeLinks(ctx, "reset", { userIds: [user.id], expiresAt: hoursAfter(ctx.now, resetHours) });
  }
  await addMessages(ctx, [
    { userId: user.id, kind: invited ? "user.invited" : "password.reset", dueAt: "first" },
  ]);
  await record(ctx, { action: "password.reset_requested", target: { kind: "user", id: user.id } });
}
