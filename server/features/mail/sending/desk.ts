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

/** Some that are put together at once. `at`: what is looked up may be as old as that, not as when it is ready. */
type Batch = { at: number; prepared: Promise<Map<string, Prepared>> };

/**
 * Messages are put together many at once, which is quick, and while others are on their way. But a mail server may be slow,
 * and meanwhile somebody may be suspended, deleted or moved to another address, whose password must not go out any more. So
 * what was put together more than `freshMs` ago is put together anew when it is taken. How many lie ready follows how many
 * are taken while they are fresh: twice as many after all of the last ones were, half as many after one was not.
 */
export function openDesk({ prepare, waiting, freshMs, atLeast }: Options): Desk {
  const laid = new Map<string, Batch>();
  let ahead = atLeast;
  let wasted = false;
  let laying = false;
  const isFresh = ({ at }: Batch) => Date.now() - at < freshMs;

  const putTogether = (claimed: readonly ClaimedMessage[]): Batch => {
    const at = Date.now();
    const prepared = prepare(claimed).then((all) => new Map(all.map((one) => [one.claimed.id, one])));
    // Whoever takes one of them is told.
    prepared.catch(() => {});
    return { at, prepared };
  };
  const dropStale = () => {
    for (const [id, batch] of laid) {
      if (isFresh(batch)) continue;
      laid.delete(id);
      wasted = true;
    }
  };
  /** The next that nobody has put together yet, as soon as half of the last ones are taken. */
  const comingUp = (): readonly ClaimedMessage[] => {
    dropStale();
    if (laid.size > ahead / 2) return [];
    ahead = wasted ? Math.max(atLeast, Math.floor(ahead / 2)) : ahead * 2;
    wasted = false;
    return waiting()
      .slice(0, ahead)
      .filter(({ id }) => !laid.has(id));
  };
  const layAhead = () => {
    if (laying) return;
    const soon = comingUp();
    if (soon.length === 0) return;
    laying = true;
    const batch = putTogether(soon);
    for (const { id } of soon) laid.set(id, batch);
    const done = () => {
      laying = false;
    };
    batch.prepared.then(done, done);
  };
  const asked = new Map<string, Prepared>();
  const putSoon = gather(async (taking: ClaimedMessage[]) => {
    const { prepared } = putTogether(taking);
    for (const [id, one] of await prepared) asked.set(id, one);
  });
  return {
    take: async (claimed) => {
      const batch = laid.get(claimed.id);
      laid.delete(claimed.id);
      layAhead();
      const prepared = await batch?.prepared;
      if (batch && prepared && isFresh(batch)) return prepared.get(claimed.id);
      if (batch) wasted = true;
      await putSoon(claimed);
      const one = asked.get(claimed.id);
      asked.delete(claimed.id);
      return one;
    },
  };
}
