import type { Context } from "#server/context.ts";
import { record } from "../record.ts";
import { chainBatch } from "./chain-events.ts";
import { signRemoval } from "./head.ts";
import { lockChain } from "./store-chain.ts";
import { firstEvent, lastOlder, removalAction, removeUpTo } from "./store-retention.ts";

/**
 * Removes the oldest month of a tenant's events where it is over and older than is kept, and writes into the chain what was
 * removed, so that verification goes on from there. Answers whether it removed one. As the system role.
 */
export async function removeOldestMonth(ctx: Context, keepMonths: number): Promise<boolean> {
  const { tx, tenantId } = ctx;
  const key = ctx.instance.secrets.signingKey;
  await lockChain(tx, tenantId);
  const oldest = await firstEvent(tx, tenantId);
  if (!oldest) return false;
  const end = monthAfter(oldest.at, 1);
  if (end > monthAfter(ctx.now, -keepMonths)) return false;
  // There is always a last link that stays: the next one follows it.
  while ((await chainBatch(tx, { tenantId, key })) > 0);
  const until = await lastOlder(tx, tenantId, end);
  if (!until) return false;
  const removal = {
    first: Number(oldest.position),
    last: Number(until.position),
    hash: until.hash.toString("hex"),
  };
  await record(ctx, {
    action: removalAction,
    target: { kind: "tenant", id: tenantId },
    details: {
      month: oldest.at.toISOString().slice(0, 7),
      ...removal,
      signature: signRemoval(key, tenantId, removal),
    },
  });
  await chainBatch(tx, { tenantId, key });
  await removeUpTo(tx, tenantId, removal.last);
  return true;
}

/** The first moment of a month, `months` after the month of `time`, by UTC. */
const monthAfter = (time: Date, months: number) =>
  new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + months, 1));
