/** Hands out one item after the other to several hands at once, and fetches more before it runs dry. */
export type Supply<Item> = {
  next(): Promise<Item | undefined>;
  /** Fetches nothing more; answers what was fetched and not handed out. */
  stop(): Promise<Item[]>;
};

/** `fetch` answers nothing when there is nothing more. `reserve`: how many are left when it fetches again. */
export function openSupply<Item>(fetch: () => Promise<Item[]>, reserve: number): Supply<Item> {
  const items: Item[] = [];
  let dry = false;
  let fetching: Promise<void> | undefined;
  const refill = async () => {
    try {
      const more = await fetch();
      if (more.length === 0) dry = true;
      items.push(...more);
    } finally {
      fetching = undefined;
    }
  };
  const fetchMore = () => {
    if (dry || fetching || items.length > reserve) return;
    fetching = refill();
    // Whoever waits for it is told; while nobody does, a failure must not end the process.
    fetching.catch(() => {
      dry = true;
    });
  };
  return {
    next: async () => {
      fetchMore();
      while (items.length === 0 && fetching) {
        await fetching;
        fetchMore();
      }
      return items.shift();
    },
    stop: async () => {
      dry = true;
      await fetching?.catch(() => {});
      return items.splice(0);
    },
  };
}
