import type { HandedOver } from "./channel.ts";
import type { Slot, Slots } from "./slots.ts";

type Handing = { noted: Promise<unknown>; giveUp: AbortSignal };
type Handed = HandedOver & { gaveUp: boolean };

/** What of one turn is with the mail server. */
type AtServer = {
  /** How many at this moment. */
  count(): number;
  /** While `work` hands a message over with this slot; that says so, and how to leave off. */
  during(slot: Slot, work: (of: Handing) => Promise<Handed>): Promise<Handed>;
};

/** `took`: learns how long the server takes. */
export function watchAtServer({ took }: Pick<Slots, "took">): AtServer {
  let count = 0;
  return {
    count: () => count,
    during: async (slot, work) => {
      const giveUp = new AbortController();
      const atServer = { since: Number.POSITIVE_INFINITY, giveUp };
      slot.atServer = atServer;
      count += 1;
      // Until then it waits for our own database, and not for the server.
      const isTheServers = () => {
        atServer.since = Date.now();
      };
      slot.noted.then(isTheServers, () => {});
      try {
        const handed = await work({ noted: slot.noted, giveUp: giveUp.signal });
        if (hadWord(handed)) took(Date.now() - atServer.since);
        return handed;
      } finally {
        count -= 1;
        slot.atServer = undefined;
      }
    },
  };
}

/** The server said what it thinks of the message, and not that it is busy or nothing at all. */
const hadWord = ({ gaveUp, delivery }: Handed) =>
  !gaveUp && (delivery.outcome !== "deferred" || delivery.scope === "message");
