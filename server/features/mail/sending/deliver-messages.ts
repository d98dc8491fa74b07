import type { Context, JobServices } from "#server/context.ts";
import { readSettingsRow, readTenant } from "../../tenants/store.ts";
import { readableSettings } from "../../tenants/tenant-settings.ts";
import { wakeSender } from "../add-messages.ts";
import { openDesk } from "./desk.ts";
import { gather } from "./gather.ts";
import { judge, leftover } from "./judge-delivery.ts";
import { prepareMessages } from "./prepare-messages.ts";
import type { Sender } from "./sender.ts";
import { type Settled, settleMessages } from "./settle-messages.ts";
import { type ClaimedMessage, claimMessages, nextDue } from "./store-claims.ts";
import { openSupply, type Supply } from "./supply.ts";
import type { Timing } from "./timing.ts";

const claimAtOnce = 100;

type Delivering = { tenantId: string; services: JobServices; sender: Sender; timing: Timing };

/**
 * Sends what a tenant has due, for one turn: claims messages, puts each together and hands it over when a connection is
 * free, and notes its outcome before that connection takes another one. So a kill repeats at most one message for each
 * connection, and somebody suspended, deleted or moved to another address meanwhile is sent nothing that is out of date.
 */
export async function deliverMessages(delivering: Delivering): Promise<void> {
  const { tenantId, services, sender, timing } = delivering;
  const turnEnds = Date.now() + timing.turnMs;
  const mayGoOn = () => sender.alive() && !services.signal.aborted && !sender.trouble();
  const settleAll = (settled: readonly Settled[]) =>
    settleMessages(services, { tenantId, sender: sender.number }, settled);
  const circumstances = { timing, retryHours: services.instance.config.mailRetryHours };
  const supply = openSupply(async () => {
    const claimed = mayGoOn() && Date.now() < turnEnds ? await claim(delivering) : [];
    await desk.put(claimed);
    return claimed;
  }, sender.connections);
  const desk = openDesk({
    prepare: (claimed) => prepare(delivering, claimed),
    waiting: supply.waiting,
    freshMs: timing.freshMs,
  });
  const settleSoon = gather(settleAll);
  const { unsent, failure, handled } = await handOverAll(supply, sender, async (claimed) => {
    if (!mayGoOn()) return false;
    const prepared = await desk.take(claimed);
    if (!prepared || !mayGoOn()) return false;
    const handedOver = "ready" in prepared ? await sender.handOver(prepared.ready) : undefined;
    await settleSoon(judge(prepared, handedOver, circumstances));
    return true;
  });
  // What could not be noted, or whose claim was never heard of, stays claimed: when this sender is gone it is anybody's.
  if (failure) sender.close();
  await settleAll(unsent.map((claimed) => leftover(claimed, sender.trouble(), circumstances)));
  if (failure) throw failure;
  await services.inTenant(tenantId, (ctx) => wakeAgain(ctx, { handled, sender }));
}

/** As many hands as there are connections, each with one message at a time, while `handOver` takes them. */
async function handOverAll(
  supply: Supply<ClaimedMessage>,
  { connections, slots }: Sender,
  handOver: (claimed: ClaimedMessage) => Promise<boolean>,
) {
  const unsent: ClaimedMessage[] = [];
  let handled = 0;
  const hand = async () => {
    for (let next = await supply.next(); next; next = await supply.next()) {
      const claimed = next;
      if (await slots.hold(() => handOver(claimed))) handled += 1;
      else unsent.push(claimed);
    }
  };
  // All of them end before anything else happens, also when one fails.
  const hands = await Promise.allSettled(Array.from({ length: connections }, hand));
  const { left, failure } = await supply.stop();
  const failed = hands.find((result) => result.status === "rejected");
  return { unsent: [...unsent, ...left], handled, failure: failed?.reason ?? failure };
}

/** The messages that have been due longest. A suspended tenant's wait until it is active again. */
async function claim({ tenantId, services, sender }: Delivering): Promise<ClaimedMessage[]> {
  const claimed = await services.inTenant(tenantId, async (ctx) => {
    const tenant = await readTenant(ctx.tx, tenantId);
    if (tenant?.status !== "active") return [];
    return claimMessages(ctx.tx, { tenantId, sender: sender.number, now: ctx.now, limit: claimAtOnce });
  });
  return claimed ?? [];
}

/** None of a tenant that has been suspended since they were claimed. */
async function prepare({ tenantId, services }: Delivering, claimed: readonly ClaimedMessage[]) {
  const tenant = await services.inTenant(tenantId, (ctx) => readSettingsRow(ctx.tx, tenantId));
  if (tenant?.status !== "active") return [];
  return prepareMessages(services, { ...tenant, ...readableSettings(tenant.settings) }, claimed);
}

/** What is due now, or later, gets its next turn then. */
async function wakeAgain(ctx: Context, { handled, sender }: { handled: number; sender: Sender }) {
  const { tenantId, tx, enqueue } = ctx;
  const due = await nextDue(tx, tenantId);
  const tenant = await readTenant(tx, tenantId);
  if (!due || tenant?.status !== "active") return;
  // Due and yet not to be had: another transaction is busy with it, or another sender has just come.
  const idle = handled === 0 ? Date.now() + 1_000 : 0;
  const at = Math.max(due.getTime(), sender.trouble()?.until.getTime() ?? 0, idle);
  if (at <= Date.now()) await wakeSender(ctx);
  else
    await enqueue(
      "mail.deliver",
      { tenantId },
      { key: `mail.deliver.later:${tenantId}`, runAt: new Date(at) },
    );
}
