import type { Context, Door } from "#server/context.ts";
import { idsSource } from "#server/platform/db/sql-source.ts";
import { steadily } from "#server/platform/http/steadily.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { linkTokens, makeLinks } from "../credentials/links.ts";
import { daysAfter, hoursAfter, resetHours } from "../credentials/validity.ts";
import { addMessages } from "../mail/add-messages.ts";
import { isMailKept } from "../mail/own-server/is-mail-kept.ts";
import { countWritten } from "../mail/store-pending.ts";
import { nobodysTenant } from "../tenants/find-tenant.ts";
import { readTenant } from "../tenants/store.ts";
import { emailKey } from "../users/email-address.ts";
import { renewExpired } from "../users/renew-expired.ts";
import { findUserByEmail, type UserRow } from "../users/store.ts";
import { resetKey } from "./lockout.ts";

/**
 * Whoever asks again for a link that is open has it in their mailbox. After so many emails within a day the next goes so many
 * minutes after the last; otherwise anybody could have so many sent to somebody that they get no more of a day.
 */
const minutesBetween = [15, 60, 120, 240, 480, 960];

/**
 * Has a link to set a new password sent to the address as it is stored. The same answer after the same time, whether the
 * address exists, is invited (then the invitation is sent again, or a new one where it has expired), is suspended or is
 * nobody's.
 */
export async function requestReset(door: Door, email: string, http: Http) {
  await door.instance.throttle({ ip: http.ip, person: resetKey(door.tenantId, email) });
  return steadily(
    door.run(async (ctx) => {
      await sendReset(ctx, email);
      return { mailKept: await isMailKept(ctx) };
    }),
  );
}

async function sendReset(ctx: Context, email: string) {
  if ((await readTenant(ctx.tx, ctx.tenantId))?.status !== "active") return;
  // Locked: of two requests at once the second sees what the first has sent.
  const user = await findUserByEmail(ctx, email, "lock");
  await noteRequest(ctx, email, user);
  if (!user || user.status === "suspended") return;
  const invited = user.status === "invited";
  const kind = invited ? "user.invited" : "password.reset";
  const open = await linkTokens(ctx, invited ? "invitation" : "reset", [user.id]);
  // A link that can still be used is sent again as it is: whoever asks in somebody else's name does not kill it.
  const isOpen = open.has(user.id);
  if (!isOpen && invited) {
    // One that is held back is sent when whoever holds it releases it.
    if (!(await hasIt(ctx, user.id, kind))) await renewExpired(ctx, user);
    return;
  }
  if (!isOpen) {
    await makeLinks(ctx, "reset", {
      people: idsSource([user.id]),
      expiresAt: hoursAfter(ctx.now, resetHours),
    });
  }
  if (!isOpen || !(await hasIt(ctx, user.id, kind))) {
    await addMessages(ctx, [{ userId: user.id, kind, dueAt: "first" }]);
  }
}

/** Also for an address that nobody has: who tries many is to be seen. */
async function noteRequest(ctx: Context, address: string, user: UserRow | undefined) {
  if (ctx.tenantId === nobodysTenant) return;
  await record(ctx, {
    action: "password.reset_requested",
    ...(user && { target: { kind: "user", id: user.id } }),
    address,
    addressKey: emailKey(address),
  });
}

async function hasIt({ tx, tenantId, now }: Context, userId: string, kind: string) {
  const written = await countWritten(tx, { tenantId, userId, kind, since: daysAfter(now, -1) });
  if (written.underWay) return true;
  const minutes = minutesBetween[Math.min(written.accepted, minutesBetween.length) - 1];
  if (!written.lastAt || minutes === undefined) return false;
  return now.getTime() - written.lastAt.getTime() < minutes * 60_000;
}
