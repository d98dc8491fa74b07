import type { Tx } from "./tx.ts";

/**
 * Statements of `work` look up row by row what they join. For a walk along an index that soon has enough: a join as a whole looks
 * cheaper to PostgreSQL, and reads all there is for the few rows of a page.
 */
export async function lookingUp<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  // On their way together with the work.
  tx.send("set local enable_hashjoin = off");
  tx.send("set local enable_mergejoin = off");
  const result = await work();
  tx.send("set local enable_hashjoin = on");
  tx.send("set local enable_mergejoin = on");
  return result;
}
