import { gather } from "./gather.ts";
import type { Prepared } from "./prepare-messages.ts";
import type { ClaimedMessage } from "./store-claims.ts";

/** Where claimed messages lie that have been put together. */
export type Desk = {
  /** The message as it is now; undefined when it is not to be sent now. */
  take(claimed: ClaimedMessage): Promise<Prepared | undefined>;
};

type Options = {
  prepare(claimed: readonly ClaimedMessage[]): Promise<Prepared[]>;
  /** Those that will be taken soon, in that order. */
  waiting(): readonly ClaimedMessage[];
  freshMs: number;
  /** So many at a time at least. */
  atLeast: number;
};

/**
 * Messages are put together many at once, which is quick; but a mail server may be slow, and meanwhile somebody may be
 * suspended, deleted or moved to another address, whose password must not go out any more. So what was put together more
 * than `freshMs` ago is put together anew when it is taken. How many are put together at once follows how many are taken
 * while they are fresh: twice as many after all of the last ones were, half as many after one was not.
 */
export function openDesk({ prepare, waiting, freshMs, atLeast }: Options): Desk {
  const laid = new Map<string, { prepared: Prepared; at: number }>();
  const asked = new Map<string, Prepared>();
  let ahead = atLeast;
  const putSoon = gather(async (taking: ClaimedMessage[]) => {
    ahead = laid.size === 0 ? ahead * 2 : Math.max(atLeast, Math.floor(ahead / 2));
    laid.clear();
    // What is looked up may be as old as this moment, not as the one in which it is ready.
    const at = Date.now();
    const wanted = new Set(taking.map(({ id }) => id));
    for (const prepared of await prepare([...taking, ...waiting().slice(0, ahead)])) {
      const { id } = prepared.claimed;
      if (wanted.has(id)) asked.set(id, prepared);
      else laid.set(id, { prepared, at });
    }
  });
  return {
    take: async (claimed) => {
      const found = laid.get(claimed.id);
      laid.delete(claimed.id);
      if (found && Date.now() - found.at < freshMs) return found.prepared;
      await putSoon(claimed);
      const prepared = asked.get(claimed.id);
      asked.delete(claimed.id);
      return prepared;
    },
  };
}
