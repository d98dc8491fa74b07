import { setTimeout as pause } from "node:timers/promises";
import type { Context, JobServices } from "#server/context.ts";
import { holdAddresses, markFailedAddresses } from "../failed-addresses.ts";
import { holdForKinds, tellKinds } from "../kinds.ts";
import { insertMailboxMessages } from "../mailbox/store-mailbox.ts";
import { giveBackToInstallation, giveBackToTenant } from "./give-back.ts";
import type { ClaimedMessage } from "./store-claims.ts";
import { isForeignClaim, noteOutcomes, type Outcome, ownClaims } from "./store-outcomes.ts";

/**
 * A claimed message and what became of it. `kept`: in the built-in mailbox. `replace`: something else goes instead.
 * `addressFails`: the mail server says that nobody has the address.
 */
export type Settled = Omit<Outcome, "id" | "userId"> & {
  claimed: ClaimedMessage;
  kept?: { subject: string; source: Buffer };
  replace?: boolean;
  addressFails?: boolean;
};

/** `day`: when the messages were claimed, and counted. */
type Claim = { tenantId: string; sender: string; day: string };

/** In milliseconds; about a minute altogether. */
const patience = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];

/**
 * Writes down what became of messages, and runs what their kinds do about it, in one transaction. A message that was
 * handed over and cannot be noted would be sent again: so a database that is away is waited for, and a kind that throws
 * is left out, loudly.
 */
export async function settleMessages(services: JobServices, claim: Claim, settled: readonly Settled[]) {
  if (settled.length === 0) return;
  for (const delay of [...patience, undefined]) {
    try {
      return await settleApart(services, claim, settled);
    } catch (error) {
      services.log.error(
        { err: error, tenantId: claim.tenantId },
        "outcomes of messages could not be noted yet",
      );
      if (delay === undefined) throw error;
      await pause(delay);
    }
  }
}

async function settleApart(services: JobServices, claim: Claim, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  try {
    await settle(services, claim, { settled, tell: true });
  } catch (error) {
    if (isForeignClaim(error)) return settleApart(services, claim, await ourOwn(services, claim, settled));
    const { tenantId } = claim;
    services.log.error({ err: error, tenantId, messages: settled.length }, "outcomes are noted one by one");
    for (const one of settled) {
      await settle(services, claim, { settled: [one], tell: true })
        .catch(() => settle(services, claim, { settled: [one], tell: false }))
        .catch(unlessForeign);
    }
  }
}

/** Somebody else has some of the messages: what was done about those has been undone, too. */
async function ourOwn(services: JobServices, claim: Claim, settled: readonly Settled[]) {
  const ids = settled.map(({ claimed }) => claimed.id);
  const ours = await services.inTenant(claim.tenantId, ({ tx }) => ownClaims(tx, ids, claim));
  return settled.filter(({ claimed }) => ours?.has(claimed.id));
}

function unlessForeign(error: unknown) {
  if (!isForeignClaim(error)) throw error;
}

type Work = { settled: readonly Settled[]; tell: boolean };

/** One trip to the database, unless a kind has to know something first. */
async function settle(services: JobServices, { tenantId, sender, day }: Claim, { settled, tell }: Work) {
  const unsent = settled.filter(wasNotHandedOver).length;
  await services.inTenant(tenantId, async (ctx) => {
    if (tell) await hold(ctx, settled);
    const outcomes = settled.map(({ claimed: { id, userId }, ...outcome }) => ({ ...outcome, id, userId }));
    noteOutcomes(ctx.tx, outcomes, { tenantId, sender, now: ctx.now });
    if (tell) await tellOf(ctx, settled);
    await keep(ctx, settled);
    await giveBackToTenant(ctx, { emails: unsent, day });
  });
  await giveBackToInstallation(services, { emails: unsent, day });
}

/** Whoever it was handed over for is noted with every try. */
const wasNotHandedOver = ({ recipient }: Settled) => recipient === null;

/** Has the kinds do what they do about these outcomes. */
async function tellOf(ctx: Context, settled: readonly Settled[]) {
  const inState = (...states: Outcome["state"][]) =>
    settled.filter(({ state }) => states.includes(state)).map(({ claimed }) => claimed);
  await tellKinds(ctx, "accepted", inState("accepted"));
  await tellKinds(ctx, "givenUp", inState("refused", "expired", "withdrawn"));
  const toReplace = settled.filter(({ replace }) => replace).map(({ claimed }) => claimed);
  await tellKinds(ctx, "replaced", toReplace);
  await markFailedAddresses(ctx, failedAddresses(settled));
}

const failedAddresses = (settled: readonly Settled[]) =>
  settled.flatMap(({ addressFails, claimed: { userId }, recipient, reply }) =>
    addressFails && recipient !== null ? [{ userId, address: recipient, reply: reply ?? "" }] : [],
  );

async function hold(ctx: Context, settled: readonly Settled[]) {
  await holdAddresses(
    ctx,
    failedAddresses(settled).map(({ userId }) => userId),
  );
  for (const [kind, ofKind] of Map.groupBy(settled, ({ claimed }) => claimed.kind)) {
    const userIds = ofKind.map(({ claimed }) => claimed.userId);
    await holdForKinds(ctx, userIds, [kind]);
  }
}

async function keep(ctx: Context, settled: readonly Settled[]) {
  const messages = settled.flatMap(({ claimed, recipient, kept }) =>
    kept ? [{ id: claimed.id, recipient: recipient ?? "", ...kept }] : [],
  );
  if (messages.length > 0) await insertMailboxMessages(ctx, messages);
}
