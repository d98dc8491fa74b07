import { type Held, type Holder, toGiveUp, withTooMany } from "./hanging-slots.ts";

/** One of as many as there are connections: whoever holds it may hand one message over. */
export type Slot = {
  /** Fulfilled when the outcome of the last message that was handed over with it is noted. */
  noted: Promise<unknown>;
  /** While its message is with the mail server: since when, and how to leave off. */
  atServer?: { since: number; giveUp: AbortController } | undefined;
};

/**
 * So many may work at once; the others wait their turn in the order in which they came, the urgent before them. While somebody
 * else waits, whoever has so many hanging that hardly any is left gets no further one and has the latest of them given up.
 */
export type Slots = {
  /** Undefined where it gets none. */
  hold<T>(work: (slot: Slot) => Promise<T>, holder: Holder): Promise<T | undefined>;
  /**
   * Turns end although so many of their messages still hold theirs: at most half of all, so that there are connections for those
   * that do not hang. Answers how to say of one that it has ended; undefined where they would be too many.
   */
  leave(messages: number): (() => void) | undefined;
};

type Waiting = { holder: Holder; take(slot: Slot | undefined): void };

/** `hangMs`: after how long with the mail server a message hangs. */
export function openSlots(count: number, hangMs: number): Slots {
  const free: Slot[] = Array.from({ length: count }, () => ({ noted: Promise.resolve() }));
  const held: Held = new Map();
  const [urgent, others] = [new Set<Waiting>(), new Set<Waiting>()];
  // Some are for the others; of a single one nobody is to be given up for the next, or a slow server would get nothing at all.
  const mostHanging = Math.max(1, count - (count < 5 ? 1 : 2));
  const limits = { count, hangMs, mostHanging };
  let looking: NodeJS.Timeout | undefined;
  const waiting = () => [...urgent, ...others];
  const serve = (one: Waiting, slot: Slot | undefined) => {
    urgent.delete(one);
    others.delete(one);
    one.take(slot);
  };
  const handOut = () => {
    for (const one of withTooMany(held, waiting(), limits)) serve(one, undefined);
    while (free.length > 0) {
      const next = firstOf(urgent) ?? firstOf(others);
      if (!next) break;
      serve(next, free.pop());
    }
    if (urgent.size + others.size > 0) looking ??= setInterval(look, hangMs).unref();
    else looking = void clearInterval(looking);
  };
  const look = () => {
    for (const { giveUp } of toGiveUp(held, waiting(), limits)) giveUp.abort();
    handOut();
  };
  return {
    hold: async (work, holder) => {
      const slot = await new Promise<Slot | undefined>((take) => {
        (holder.urgent ? urgent : others).add({ holder, take });
        handOut();
      });
      if (!slot) return undefined;
      held.set(slot, holder);
      try {
        return await work(slot);
      } finally {
        held.delete(slot);
        free.push(slot);
        handOut();
      }
    },
    leave: leavingAtMost(Math.floor(count / 2)),
  };
}

const firstOf = (queue: Set<Waiting>) => queue.values().next().value;

function leavingAtMost(most: number): Slots["leave"] {
  let left = 0;
  return (messages) => {
    if (left + messages > most) return undefined;
    left += messages;
    return () => {
      left -= 1;
    };
  };
}
