import type { Delivery } from "#server/platform/smtp/delivery.ts";
import { maskLinks } from "../rendering/mask-links.ts";
import type { HandedOver } from "./channel.ts";
import type { Prepared } from "./prepare-messages.ts";
import type { Settled } from "./settle-messages.ts";
import { givenUpForMs } from "./slots.ts";
import type { ClaimedMessage } from "./store-claims.ts";
import type { Timing } from "./timing.ts";

/** `tookSince`: has the mail server taken a message since then? */
type Circumstances = { timing: Timing; retryHours: number; tookSince(at: Date): boolean };

/** What becomes of a message that was handed over, or that could not even be put together. */
export function judge(prepared: Prepared, handedOver: HandedOver | undefined, of: Circumstances): Settled {
  const { claimed } = prepared;
  if ("withdraw" in prepared) {
    const { withdraw: reply, replace = false } = prepared;
    return { ...withoutTry(claimed, "withdrawn"), reply, replace };
  }
  if ("postpone" in prepared) {
    const { until: dueAt, why: reply } = prepared.postpone;
    return { ...withoutTry(claimed, "queued"), reply, dueAt };
  }
  if ("unready" in prepared) return tryLater(claimed, prepared.unready, of);
  const delivery: Delivery = handedOver?.delivery ?? { outcome: "deferred", reply: "", scope: "server" };
  const { ready, edition } = prepared;
  const recipient = ready.to.address;
  const { outcome } = delivery;
  const reply = maskLinks(delivery.reply);
  if (outcome === "deferred" || (outcome === "denied" && !isBelieved(claimed, of)))
    return { ...tryLater(claimed, reply, of), recipient, edition };
  const kept = handedOver?.source && { subject: ready.subject, source: handedOver.source };
  const state = outcome === "denied" ? "refused" : outcome;
  const addressFails = delivery.outcome === "refused" && delivery.addressFails;
  const settled = {
    claimed,
    state,
    tried: true,
    recipient,
    reply,
    dueAt: null,
    addressFails,
    edition,
  } as const;
  return kept ? { ...settled, kept } : settled;
}

/** The server stays by it, and has taken others meanwhile: it is this message that it does not want. */
const isBelieved = ({ firstTriedAt }: ClaimedMessage, { timing, tookSince }: Circumstances) =>
  firstTriedAt !== null && Date.now() - firstTriedAt.getTime() >= timing.denialMs && tookSince(firstTriedAt);

const serverFailed =
  "Other emails failed at the mail server before this one's turn came. It goes when the server is tried again.";

/**
 * A message that was claimed and not tried has its place in the queue again. What the server said was said of another message,
 * maybe of another tenant's, and may name whom that was for.
 */
export const leftover = (claimed: ClaimedMessage, trouble: boolean): Settled => ({
  ...withoutTry(claimed, "queued"),
  reply: trouble ? serverFailed : null,
});

const othersWaited =
  "The mail server kept Muster waiting at this email while others waited for a connection. It goes in a minute.";

/** It was on its way, had not gone, and was left off so that others can go. */
export const givenUpForOthers = (claimed: ClaimedMessage): Settled => ({
  ...withoutTry(claimed, "queued"),
  reply: othersWaited,
  dueAt: new Date(Date.now() + givenUpForMs),
});

function tryLater(claimed: ClaimedMessage, reply: string, { timing, retryHours }: Circumstances): Settled {
  const { attempts, firstTriedAt } = claimed;
  const elapsedMs = firstTriedAt ? Date.now() - firstTriedAt.getTime() : 0;
  const delay = timing.retryDelay({ attempts: attempts + 1, elapsedMs, hours: retryHours });
  const outcome = { claimed, tried: true, recipient: null, reply };
  if (delay === undefined) return { ...outcome, state: "expired", dueAt: null };
  return { ...outcome, state: "deferred", dueAt: new Date(Date.now() + delay) };
}

const withoutTry = (claimed: ClaimedMessage, state: "queued" | "withdrawn"): Settled => ({
  claimed,
  state,
  tried: false,
  recipient: null,
  reply: null,
  dueAt: null,
});
