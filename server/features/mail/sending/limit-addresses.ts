import type { Context } from "#server/context.ts";
import { readSettings } from "../../tenants/settings.ts";
import { kindNamed } from "../kinds.ts";
import { dayOf, nextDay } from "./pace.ts";
import type { Prepared } from "./prepare-messages.ts";
import { beyondLimit, type ClaimedMessage } from "./store-claims.ts";

/** Messages that are more than their address may get today, and how many that is: by their ids. */
type Beyond = ReadonlyMap<string, number>;

/**
 * Which of these messages are too many for today: of all kinds together, but of a kind that is counted apart by itself, so that
 * whoever waits for a new password gets it however much else was sent there. What is assured is never too much.
 */
export async function messagesBeyondLimit(ctx: Context, claimed: readonly ClaimedMessage[]): Promise<Beyond> {
  const { tenantId, tx, now } = ctx;
  const { mailsPerAddress } = await readSettings(ctx);
  const messages = claimed.flatMap(({ id, kind: name }) => {
    const kind = kindNamed(name);
    if (kind?.assured) return [];
    const limit = Math.max(mailsPerAddress, kind?.atLeastADay ?? 0);
    return { id, apart: kind?.countedApart ?? false, limit };
  });
  const since = new Date(`${dayOf(now)}T00:00:00Z`);
  const ids = await beyondLimit(tx, { tenantId, messages, since });
  return new Map(messages.filter(({ id }) => ids.has(id)).map(({ id, limit }) => [id, limit]));
}

/** Those wait for the next day. What would not be sent in any case is not held back. */
export function postponeBeyondLimit(prepared: readonly Prepared[], beyond: Beyond): Prepared[] {
  const until = nextDay(new Date());
  return prepared.map((one) => {
    const limit = beyond.get(one.claimed.id);
    if (limit === undefined || !("ready" in one)) return one;
    const why = `Muster has sent this address ${limit} emails today, as many as your settings allow. It goes the next day (UTC).`;
    return { claimed: one.claimed, postpone: { until, why } };
  });
}
