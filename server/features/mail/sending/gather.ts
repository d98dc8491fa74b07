/** While `run` is at work the items of further calls gather, and go together in the next. */
export function gather<Item>(run: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let gathered: Item[] = [];
  let next: Promise<void> | undefined;
  let running: Promise<void> = Promise.resolve();
  const runNext = () => {
    const items = gathered;
    gathered = [];
    next = undefined;
    const ran = run(items);
    running = ran.catch(() => {});
    return ran;
  };
  return (item) => {
    gathered.push(item);
    next ??= running.then(runNext);
    return next;
  };
}
