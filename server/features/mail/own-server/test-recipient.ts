import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { countDone } from "../../audit/store.ts";
import { readSettings } from "../../tenants/settings.ts";
import { dayOf } from "../sending/pace.ts";
import { readAddress } from "./store-servers.ts";

/** As it is recorded of a test email that the mail server took. */
export const testEmailSent = "tenant.test_email_sent";

/**
 * Whoever asks for a test email, which goes to them: not where an email came back from their address, and no more of them a
 * day than of others. Their address is theirs to change, and may be anybody's.
 */
export async function testRecipient(ctx: Context) {
  const { tx, tenantId, actor, now } = ctx;
  const since = new Date(`${dayOf(now)}T00:00:00Z`);
  if (actor.kind !== "user") throw notFound("user");
  const person = await readAddress(tx, { tenantId, userId: actor.id, since });
  if (!person) throw notFound("user");
  const { email, first_name, last_name, failed, sent } = person;
  if (failed) {
    const words = `Email to ${email} came back. Correct your address, or clear the mark if it works again; then try.`;
    throw new ProblemError(409, "user.mail_failed", words);
  }
  const { mailsPerAddress: limit } = await readSettings(ctx);
  const tests = await countDone(ctx, { actorId: actor.id, action: testEmailSent, since });
  if (sent + tests >= limit) {
    const words = `${email} has been sent ${sent + tests} emails today, as many as your settings allow. Try again tomorrow (UTC).`;
    throw new ProblemError(429, "mail.address_limit", words);
  }
  return { name: `${first_name} ${last_name}`.trim(), address: email };
}
