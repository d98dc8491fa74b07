import type { Holder } from "./hanging-slots.ts";
import type { Outlet } from "./outlets.ts";
import type { Slot } from "./slots.ts";
import type { ClaimedMessage } from "./store-claims.ts";
import type { Supply } from "./supply.ts";
import type { Timing } from "./timing.ts";
import { untilDoneOrHanging } from "./until-done-or-hanging.ts";

type Means = {
  tenantId: string;
  outlet: Pick<Outlet, "connections" | "slots">;
  urgent: boolean;
  timing: Timing;
};

type Handing = {
  /** Whether the turn goes on: otherwise nobody waits for a connection. */
  mayGoOn(): boolean;
  handOver(claimed: ClaimedMessage, slot: Slot): Promise<boolean>;
  /** How many are with the mail server at this moment. */
  atServer(): number;
};

/**
 * As many hands as there are connections, each with one message at a time, while `handOver` takes them. `left`: of those that the mail
 * server still keeps waiting.
 */
export async function handOverAll(
  { tenantId, outlet: { connections, slots }, urgent, timing }: Means,
  supply: Supply<ClaimedMessage>,
  { mayGoOn, handOver, atServer }: Handing,
) {
  const holder: Holder = { of: tenantId, urgent };
  const unsent: ClaimedMessage[] = [];
  let handled = 0;
  let failed: unknown;
  const hand = async () => {
    for (let next = await supply.next(); next; next = await supply.next()) {
      const claimed = next;
      const sent = mayGoOn() && (await slots.hold((slot) => handOver(claimed, slot), holder));
      if (sent) handled += 1;
      else unsent.push(claimed);
      if (sent === undefined) return;
    }
  };
  // None of them ends another, also when one fails.
  const hands = Array.from({ length: connections }, () =>
    hand().catch((error) => {
      failed ??= error;
    }),
  );
  const hanging = { atServer, patienceMs: timing.hangMs, leave: slots.leave };
  const leftBehind = await untilDoneOrHanging(hands, hanging);
  const { left, failure } = await supply.stop();
  return {
    unsent: [...unsent, ...left],
    handled,
    failure: () => failed ?? failure,
    left: leftBehind.length > 0 ? Promise.all(leftBehind) : undefined,
  };
}
