/**
 * Works through tenants, or what else there is, one after the other: what fails with one keeps no other from its turn. What
 * failed is thrown at the end, so that it is logged.
 */
export async function eachApart<Item>(items: Iterable<Item>, work: (item: Item) => Promise<unknown>) {
  const failed: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, failed.map(String).join("; "));
}
