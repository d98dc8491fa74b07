import type { Context } from "#server/context.ts";
import type { TenantSettings } from "../../tenants/tenant-settings.ts";
import { kindNamed } from "../kinds.ts";
import { dayOf, nextDay } from "./pace.ts";
import type { Prepared } from "./prepare-messages.ts";
import { beyondLimit, type ClaimedMessage } from "./store-claims.ts";

type Limit = Pick<TenantSettings, "mailsPerAddress">;

/**
 * Which of these messages are more than their address may get today: of all kinds together, but of a kind that is counted
 * apart by itself, so that whoever waits for a new password gets it however much else was sent there.
 */
export const messagesBeyondLimit = (
  { tx, tenantId, now }: Context,
  claimed: readonly ClaimedMessage[],
  { mailsPerAddress }: Limit,
) =>
  beyondLimit(tx, {
    tenantId,
    messages: claimed.map(({ id, kind }) => ({ id, apart: kindNamed(kind)?.countedApart ?? false })),
    since: new Date(`${dayOf(now)}T00:00:00Z`),
    limit: mailsPerAddress,
  });

/** Those wait for the next day. What would not be sent in any case is not held back. */
export function postponeBeyondLimit(
  prepared: readonly Prepared[],
  beyond: ReadonlySet<string>,
  { mailsPerAddress }: Limit,
): Prepared[] {
  const until = nextDay(new Date());
  const why = `Muster has sent this address ${mailsPerAddress} emails today, as many as your settings allow. It goes the next day (UTC).`;
  return prepared.map((one) =>
    "ready" in one && beyond.has(one.claimed.id) ? { claimed: one.claimed, postpone: { until, why } } : one,
  );
}
