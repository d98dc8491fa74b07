import type { Tx } from "./tx.ts";

/**
 * Statements of `work` join their tables as a whole. For many rows that look few to PostgreSQL (they have just been written, or a
 * function finds them): a join row by row looks cheap then, and of a million rows it takes hours.
 */
export async function joiningWhole<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.run("set local enable_nestloop = off");
  const result = await work();
  await tx.run("set local enable_nestloop = on");
  return result;
}
