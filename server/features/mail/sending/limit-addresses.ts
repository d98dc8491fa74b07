import type { Context } from "#server/context.ts";
import { readSettings } from "../../tenants/settings.ts";
import { kindNamed } from "../kinds.ts";
import { dayOf, nextDay } from "./pace.ts";
import type { Prepared } from "./prepare-messages.ts";
import { beyondLimit, type ClaimedMessage } from "./store-claims.ts";

/** The ids of messages that are more than their address may get today, and how many that is. */
type Beyond = { ids: ReadonlySet<string>; limit: number };

/**
 * Which of these messages are too many for today: of all kinds together, but of a kind that is counted apart by itself, so that
 * whoever waits for a new password gets it however much else was sent there.
 */
export async function messagesBeyondLimit(ctx: Context, claimed: readonly ClaimedMessage[]): Promise<Beyond> {
  const { tenantId, tx, now } = ctx;
  const { mailsPerAddress: limit } = await readSettings(ctx);
  const messages = claimed.map(({ id, kind }) => ({ id, apart: kindNamed(kind)?.countedApart ?? false }));
  const since = new Date(`${dayOf(now)}T00:00:00Z`);
  return { ids: await beyondLimit(tx, { tenantId, messages, since, limit }), limit };
}

/** Those wait for the next day. What would not be sent in any case is not held back. */
export function postponeBeyondLimit(prepared: readonly Prepared[], { ids, limit }: Beyond): Prepared[] {
  const until = nextDay(new Date());
  const why = `Muster has sent this address ${limit} emails today, as many as your settings allow. It goes the next day (UTC).`;
  return prepared.map((one) =>
    "ready" in one && ids.has(one.claimed.id) ? { claimed: one.claimed, postpone: { until, why } } : one,
  );
}
