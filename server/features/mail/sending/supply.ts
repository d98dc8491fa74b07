/** Hands out one item after the other to several hands at once, and fetches more before it runs dry. */
export type Supply<Item> = {
  next(): Promise<Item | undefined>;
  /** What was fetched and not handed out yet. */
  waiting(): readonly Item[];
  /** Fetches nothing more; answers what was fetched and not handed out, and why a fetch failed, if one did. */
  stop(): Promise<{ left: Item[]; failure: unknown }>;
};

/** `fetch` answers nothing when there is nothing more. `reserve`: how many are left when it fetches again. */
export function openSupply<Item>(fetch: () => Promise<Item[]>, reserve: number): Supply<Item> {
  const items: Item[] = [];
  let dry = false;
  // Nobody may be waiting for a fetch that fails, and yet it may have taken items that nobody hears of: it is told at the end.
  let failure: unknown;
  let fetching: Promise<void> | undefined;
  const refill = async () => {
    try {
      const more = await fetch();
      if (more.length === 0) dry = true;
      items.push(...more);
    } catch (error) {
      dry = true;
      failure = error;
    } finally {
      fetching = undefined;
    }
  };
  const fetchMore = () => {
    if (dry || fetching || items.length > reserve) return;
    fetching = refill();
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
    waiting: () => items,
    stop: async () => {
      dry = true;
      await fetching;
      return { left: items.splice(0), failure };
    },
  };
}
