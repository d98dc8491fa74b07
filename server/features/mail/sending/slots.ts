/** One of as many as there are connections: whoever holds it may hand one message over. */
export type Slot = {
  /** Fulfilled when the outcome of the last message that was handed over with it is noted. */
  noted: Promise<unknown>;
};

/** So many may work at once; the others wait their turn in the order in which they came, the urgent before them. */
export type Slots = {
  hold<T>(work: (slot: Slot) => Promise<T>, urgent: boolean): Promise<T>;
};

export function openSlots(count: number): Slots {
  const free: Slot[] = Array.from({ length: count }, () => ({ noted: Promise.resolve() }));
  const waiting: ((slot: Slot) => void)[] = [];
  const waitingFirst: ((slot: Slot) => void)[] = [];
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
  };
}
