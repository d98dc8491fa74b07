import type { Context, JobServices } from "#server/context.ts";
import { readTenant } from "../../tenants/store.ts";
import { wakeSender, wakeSenderAt } from "../add-messages.ts";
import { type OwnServer, sendingAs } from "../own-server/own-server.ts";
import { readSendingTenant } from "../rendering/sending-tenant.ts";
import { watchAtServer } from "./at-server.ts";
import { claimAtPace } from "./claim-at-pace.ts";
import { openDesk } from "./desk.ts";
import { gather } from "./gather.ts";
import { handOverAll } from "./hand-over-all.ts";
import { givenUpForOthers, judge, leftover } from "./judge-delivery.ts";
import { messagesBeyondLimit, postponeBeyondLimit } from "./limit-addresses.ts";
import { openNotes } from "./notes.ts";
import type { Outlet } from "./outlets.ts";
import { dayOf } from "./pace.ts";
import { prepareMessages } from "./prepare-messages.ts";
import type { Sender } from "./sender.ts";
import { type Settled, settleMessages } from "./settle-messages.ts";
import type { Slot } from "./slots.ts";
import { type ClaimedMessage, nextDue, nextDueFirst } from "./store-claims.ts";
import { openSupply } from "./supply.ts";
import type { Timing } from "./timing.ts";

export type Delivering = {
  tenantId: string;
  services: JobServices;
  sender: Sender;
  timing: Timing;
  /** Only what somebody sits and waits for; it goes before all else, and whatever the pace. */
  urgent: boolean;
  /** The server it goes by, for the whole turn: whom a message comes from and that belong together. */
  own: OwnServer | undefined;
  /** Called where the turn is over and some few of its messages are left at the mail server; it settles those when they end. */
  over: () => void;
};

/**
 * Sends what a tenant has due, for one turn: claims messages, puts each together and hands it over when a connection is
 * free. While its outcome is being noted, that connection takes the next message, all but its last line: that goes when the
 * outcome is noted. So a kill repeats at most one message for each connection, and somebody suspended, deleted or moved to
 * another address meanwhile is sent nothing that is out of date. What a slow server leaves of a turn goes back to its place, and
 * nobody waits for a recipient at whom the server hangs: the turn is over, and that message is settled when it ends; or it is
 * given up and goes later, where others wait for a connection and too few are left.
 */
export const deliverMessages = (delivering: Delivering): Promise<void> =>
  delivering.sender.through(delivering.own, (outlet) => deliverThrough({ ...delivering, outlet }));

type Turn = Delivering & { outlet: Outlet };

async function deliverThrough(delivering: Turn): Promise<void> {
  const { tenantId, services, sender, timing, outlet } = delivering;
  const claim = { tenantId, sender: sender.number, day: dayOf(new Date()) };
  const settleAll = (settled: readonly Settled[]) => settleMessages(services, claim, settled);
  // One at a time: what comes meanwhile goes together in the next, and fewer transactions are worth more than an earlier one.
  const notes = openNotes(gather(settleAll));
  const { tookSince } = outlet;
  const circumstances = { timing, retryHours: services.instance.config.mailRetryHours, tookSince };
  const going = watchTurn(delivering, notes.failure);
  const { supply, pausedUntil } = supplyFor(delivering, going.mayClaim);
  const desk = openDesk({
    prepare: (claimed) => prepare(delivering, claimed),
    waiting: supply.waiting,
    freshMs: timing.freshMs,
    atLeast: outlet.connections,
  });
  const atServer = watchAtServer(outlet.slots);
  const handOver = async (claimed: ClaimedMessage, slot: Slot) => {
    const prepared = going.mayGoOn() ? await desk.take(claimed) : undefined;
    if (!prepared || !going.mayGoOn()) return false;
    const handedOver =
      "ready" in prepared
        ? await atServer.during(slot, (of) => outlet.handOver(prepared.ready, { tenantId, ...of }))
        : undefined;
    if (!handedOver) await slot.noted.catch(() => {});
    if (handedOver?.gaveUp) going.leaveToOthers();
    const became = handedOver?.gaveUp
      ? givenUpForOthers(claimed)
      : judge(prepared, handedOver, circumstances);
    slot.noted = notes.note(became);
    return true;
  };
  const handing = { mayGoOn: going.mayGoOn, handOver, atServer: atServer.count };
  const { unsent, handled, failure, left } = await handOverAll(delivering, supply, handing);
  /** What could not be noted, or whose claim was never heard of, stays claimed: when this sender is gone it is anybody's. */
  const settled = async (rest: readonly ClaimedMessage[]) => {
    const broken = (await notes.whenDone()) ?? failure();
    if (broken) sender.close();
    await settleAll(rest.map((claimed) => leftover(claimed, going.metTrouble())));
    if (broken) throw broken;
    await services.inTenant(tenantId, (ctx) =>
      wakeAgain(ctx, { handled, outlet, pausedUntil: pausedUntil() }),
    );
  };
  try {
    await settled(unsent);
  } finally {
    if (left) delivering.over();
    await left;
    await notes.whenDone();
  }
  if (left) await settled([]);
}

/** Whether the turn goes on, and whether the server gave trouble. */
function watchTurn({ tenantId, sender, outlet, services, timing }: Turn, failure: () => unknown) {
  const turnEnds = Date.now() + timing.turnMs;
  let met = false;
  let left = false;
  const mayWork = (until: number) => {
    const trouble = outlet.trouble(tenantId);
    met ||= trouble !== undefined;
    const mayBe = !left && sender.alive() && !services.signal.aborted && !failure();
    return mayBe && !trouble && Date.now() < until;
  };
  return {
    /** One of its messages was given up for others: now it is their turn. */
    leaveToOthers: () => {
      left = true;
    },
    mayClaim: () => mayWork(turnEnds),
    // Mostly what was claimed is done a moment later; a server that takes longer for it keeps nobody else waiting.
    mayGoOn: () => mayWork(turnEnds + timing.overtimeMs),
    metTrouble: () => met,
  };
}

/** Claims more messages before it runs dry, as long as it may and the pace allows. */
function supplyFor(delivering: Turn, mayClaim: () => boolean) {
  let pausedUntil: Date | undefined;
  const supply = openSupply(async () => {
    if (!mayClaim()) return [];
    const claim = await claimAtPace(delivering);
    pausedUntil = claim.pausedUntil;
    return claim.messages;
  }, delivering.outlet.connections);
  return { supply, pausedUntil: () => pausedUntil };
}

/** None of a tenant that has been suspended since they were claimed. */
async function prepare({ tenantId, services, own }: Turn, claimed: readonly ClaimedMessage[]) {
  const found = await services.inTenant(tenantId, async (ctx) => {
    const tenant = await readSendingTenant(ctx);
    return tenant && { tenant, beyond: await messagesBeyondLimit(ctx, claimed) };
  });
  if (!found) return [];
  const sending = { ...found.tenant, ...(own && sendingAs(own)) };
  const prepared = await prepareMessages(services, sending, claimed);
  return postponeBeyondLimit(prepared, found.beyond);
}

type Ended = { handled: number; outlet: Outlet; pausedUntil: Date | undefined };

/** What is due now, or later, gets its next turn then; what somebody waits for gets one of its own, past pace and quota. */
async function wakeAgain(ctx: Context, { handled, outlet, pausedUntil }: Ended) {
  const { tenantId, tx } = ctx;
  const due = await nextDue(tx, tenantId);
  const tenant = await readTenant(tx, tenantId);
  if (!due || tenant?.status !== "active") return;
  // Due and yet not to be had: another transaction is busy with it, or another sender has just come.
  const idle = handled === 0 ? Date.now() + 1_000 : 0;
  const troubled = outlet.trouble(tenantId)?.until.getTime() ?? 0;
  const first = await nextDueFirst(tx, tenantId);
  if (first)
    await wakeSenderAt(ctx, "mail.deliver_first", new Date(Math.max(first.getTime(), troubled, idle)));
  const at = Math.max(due.getTime(), troubled, pausedUntil?.getTime() ?? idle);
  if (at <= Date.now()) await wakeSender(ctx);
  else await wakeSenderAt(ctx, "mail.deliver", new Date(at));
}
