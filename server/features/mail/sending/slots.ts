import { burdensOf, type Holder, hangingIn, nameOf, toGiveUp, withTooMany } from "./hanging-slots.ts";
import { openPatience } from "./patience.ts";

/** One of as many as there are connections: whoever holds it may hand one message over. */
export type Slot = {
  /** Fulfilled when the outcome of the last message that was handed over with it is noted. */
  noted: Promise<unknown>;
  /** While its message is with the mail server: since when, and how to leave off. */
  atServer?: { since: number; giveUp: AbortController } | undefined;
};

/**
 * So many may work at once; the others wait their turn in the order in which they came, the urgent before them. While somebody
 * waits, so many hang at most that some are left for what does not: whoever has most hanging gets no further one and has the latest
 * of them given up. However many tenants' messages hang, those of the others go.
 */
export type Slots = {
  /** Undefined where it gets none. */
  hold<T>(work: (slot: Slot) => Promise<T>, holder: Holder): Promise<T | undefined>;
  /**
   * Turns end although so many of their messages still hold theirs: at most as many as may hang. Answers how to say of one that it has
   * ended; undefined where they would be too many.
   */
  leave(messages: number): (() => void) | undefined;
  /** The mail server took so long for one, and said what it thinks of it. */
  took(ms: number): void;
};

type Waiting = { holder: Holder; take(slot: Slot | undefined): void };

/** A single connection is given up for the next this much later, or a slow server would get nothing at all. */
const longerAlone = 30;
/** For so long it counts that one was given up: whoever had fewer goes first. Then it goes again. */
export const givenUpForMs = 60_000;

/** Some are for what does not hang. */
const mostHangingOf = (count: number) => count - (count < 5 ? 1 : Math.max(2, Math.ceil(count / 4)));

/** `hangMs`: after how long with the mail server a message hangs, at least. */
export function openSlots(count: number, hangMs: number): Slots {
  const free: Slot[] = Array.from({ length: count }, () => ({ noted: Promise.resolve() }));
  const held = new Map<Slot, Holder>();
  const [urgent, others] = [new Set<Waiting>(), new Set<Waiting>()];
  const patience = openPatience(hangMs);
  const givenUp = new Map<string, number[]>();
  const mostHanging = mostHangingOf(count);
  let looking: NodeJS.Timeout | undefined;
  const waiting = () => [...urgent, ...others];
  const serve = (one: Waiting, slot: Slot | undefined) => {
    urgent.delete(one);
    others.delete(one);
    one.take(slot);
  };
  const handOut = () => {
    const hanging = hangingIn(held, patience.ms());
    const burden = burdensOf(hanging, givenUp);
    for (const one of withTooMany(waiting(), { hanging: hanging.length, burden, mostHanging }))
      serve(one, undefined);
    while (free.length > 0) {
      const next = firstOf(urgent) ?? firstOf(others);
      if (!next) break;
      serve(next, free.pop());
    }
    if (urgent.size + others.size > 0) looking ??= setInterval(look, hangMs).unref();
    else looking = void clearInterval(looking);
  };
  const look = () => {
    const hanging = hangingIn(held, patience.ms());
    const overdue = count > 1 ? hanging : hangingIn(held, patience.ms() * longerAlone);
    const burden = burdensOf(hanging, givenUp);
    for (const { atServer, holder } of toGiveUp(waiting(), {
      hanging,
      overdue,
      burden,
      count,
      mostHanging,
    })) {
      atServer.giveUp.abort();
      const name = nameOf(holder);
      givenUp.set(name, [...(givenUp.get(name) ?? []), Date.now() + givenUpForMs]);
    }
    for (const [name, untils] of givenUp)
      if (untils.every((until) => until < Date.now())) givenUp.delete(name);
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
    leave: leavingAtMost(mostHanging),
    took: patience.took,
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
