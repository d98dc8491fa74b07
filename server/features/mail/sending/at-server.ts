import type { Slot } from "./slots.ts";

type Handing = { noted: Promise<unknown>; giveUp: AbortSignal };

/** What of one turn is with the mail server. */
type AtServer = {
  /** How many at this moment. */
  count(): number;
  /** While `work` hands a message over with this slot; that says so, and how to leave off. */
  during<T>(slot: Slot, work: (of: Handing) => Promise<T>): Promise<T>;
};

export function watchAtServer(): AtServer {
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
        return await work({ noted: slot.noted, giveUp: giveUp.signal });
      } finally {
        count -= 1;
        slot.atServer = undefined;
      }
    },
  };
}
