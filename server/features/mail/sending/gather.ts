/**
 * While `run` is at work, the items of further calls gather and go together in the next. Each call is answered when its own
 * item is done.
 */
export function gather<Item>(run: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let gathered: Item[] = [];
  let next: PromiseWithResolvers<void> | undefined;
  let running = false;
  const start = () => {
    if (!next || running) return;
    const [items, done] = [gathered, next];
    gathered = [];
    next = undefined;
    running = true;
    run(items)
      .then(done.resolve, done.reject)
      .finally(() => {
        running = false;
        start();
      });
  };
  return (item) => {
    gathered.push(item);
    next ??= Promise.withResolvers();
    // What is asked for in the same moment goes together.
    queueMicrotask(start);
    return next.promise;
  };
}
