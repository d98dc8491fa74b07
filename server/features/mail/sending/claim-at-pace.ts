import type { Context, JobServices } from "#server/context.ts";
import { nobodysTenant } from "../../tenants/find-tenant.ts";
import { limitsIn } from "../../tenants/limits.ts";
import { readSettingsRow } from "../../tenants/store.ts";
import type { Delivering } from "./deliver-messages.ts";
import { giveBackToInstallation } from "./give-back.ts";
import { dayOf, grantEmails, isLimited, type Pace } from "./pace.ts";
import { type ClaimedMessage, claimMessages } from "./store-claims.ts";
import { lockPace, writePace } from "./store-pace.ts";

const claimAtOnce = 100;

/** `pausedUntil`: when more may go, where the pace or the quota was all that stood in the way. */
type Claim = { messages: ClaimedMessage[]; pausedUntil: Date | undefined };

/**
 * The messages that have been due longest, as many as may go now. A suspended tenant's wait until it is active again. What
 * is beyond the day's quota stays where it is and goes the next day; what somebody waits for is counted and never waits.
 */
export async function claimAtPace({ tenantId, services, sender, urgent }: Delivering): Promise<Claim> {
  const { mailPace, mailTenantPace } = services.instance.config;
  const whole = await takeOfInstallation(services, { pace: mailPace, wanted: claimAtOnce, urgent });
  if (whole.granted === 0) return { messages: [], pausedUntil: whole.nextAt };
  const claiming = services.inTenant(tenantId, async (ctx): Promise<Claim> => {
    const tenant = await readSettingsRow(ctx.tx, tenantId);
    if (tenant?.status !== "active") return { messages: [], pausedUntil: undefined };
    const pace = withinLimit(mailTenantPace, limitsIn(tenant.settings).mailsADay);
    return atPaceOf(ctx, { pace, wanted: whole.granted, urgent }, (limit) =>
      claimMessages(ctx.tx, { tenantId, sender: sender.number, now: ctx.now, limit, urgent }),
    );
  });
  const giveBack = (emails: number) => giveBackToInstallation(services, { emails, day: whole.day });
  const claimed = await claiming.catch(async (error) => {
    await giveBack(whole.granted);
    throw error;
  });
  const messages = claimed?.messages ?? [];
  await giveBack(whole.granted - messages.length);
  // What is due was not claimed in full, because the installation's pace allowed no more.
  const heldBack = messages.length === whole.granted ? whole.nextAt : undefined;
  return { messages, pausedUntil: claimed?.pausedUntil ?? heldBack };
}

/** A tenant's own limit, which the operator has set, makes the day's quota no larger. */
const withinLimit = ({ perMinute, perDay }: Pace, mailsADay: number | null): Pace => ({
  perMinute,
  perDay: mailsADay === null ? perDay : Math.min(mailsADay, perDay ?? mailsADay),
});

type Wanted = { pace: Pace; wanted: number; urgent: boolean };

/** Of the tenant's own pace, in the transaction that claims: what is not claimed is not counted. */
async function atPaceOf(
  { tx, tenantId, now }: Context,
  { pace, wanted, urgent }: Wanted,
  claim: (limit: number) => Promise<ClaimedMessage[]>,
): Promise<Claim> {
  if (!isLimited(pace)) return { messages: await claim(wanted), pausedUntil: undefined };
  const before = await lockPace(tx, tenantId, now);
  const most = urgent ? { granted: wanted, nextAt: undefined } : grantEmails(before, { pace, wanted, now });
  const messages = most.granted > 0 ? await claim(most.granted) : [];
  const { after } = grantEmails(before, { pace, wanted: messages.length, now, anyway: true });
  await writePace(tx, tenantId, after);
  return { messages, pausedUntil: messages.length === most.granted ? most.nextAt : undefined };
}

async function takeOfInstallation({ database }: JobServices, { pace, wanted, urgent }: Wanted) {
  const now = new Date();
  const day = dayOf(now);
  if (!isLimited(pace)) return { granted: wanted, nextAt: undefined, day };
  return database.asSystem("how many emails the installation may send now", async (tx) => {
    const before = await lockPace(tx, nobodysTenant, now);
    const { granted, nextAt, after } = grantEmails(before, { pace, wanted, now, anyway: urgent });
    await writePace(tx, nobodysTenant, after);
    return { granted, nextAt, day };
  });
}
