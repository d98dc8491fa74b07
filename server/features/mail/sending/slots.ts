/** One of as many as there are connections: whoever holds it may hand one message over. */
export type Slot = {
  /** Fulfilled when the outcome of the last message that was handed over with it is noted. */
  noted: Promise<unknown>;
};

/** So many may work at once; the others wait their turn in the order in which they came, the urgent before them. */
export type Slots = {
  hold<T>(work: (slot: Slot) => Promise<T>, urgent: boolean): Promise<T>;
  /**
   * Turns end although so many of their messages still hold theirs: at most half of all, so that there are connections for those
   * that do not hang. Answers how to say that they have ended; undefined where they would be too many.
   */
  leave(messages: number): (() => void) | undefined;
};

export function openSlots(count: number): Slots {
  const free: Slot[] = Array.from({ length: count }, () => ({ noted: Promise.resolve() }));
  const waiting: ((slot: Slot) => void)[] = [];
  const waitingFirst: ((slot: Slot) => void)[] = [];
  const mostLeft = Math.floor(count / 2);
  let left = 0;
  const giveBack = (slot: Slot) => {
    const next = waitingFirst.shift() ?? waiting.shift();
    if (next) next(slot);
    else free.push(slot);
  };
  return {
    hold: async (work, urgent) => {
      const queue = urgent ? waitingFirst : waiting;
      const slot = free.pop() ?? (await new Promise<Slot>((resolve) => queue.push(resolve)));
      try {
        return await work(slot);
      } finally {
        giveBack(slot);
      }
    },
    leave: (messages) => {
      if (left + messages > mostLeft) return undefined;
      left += messages;
      return () => {
        left -= messages;
      };
    },
  };
}
