import type { Context } from "#server/context.ts";

/**
 * Rows that have just been written are none by the statistics, and a join row by row looks cheap then: of a million rows that
 * takes hours. Statements of `work` join their tables as a whole.
 */
export async function joiningWhole<T>({ tx }: Pick<Context, "tx">, work: () => Promise<T>): Promise<T> {
  await tx.run("set local enable_nestloop = off");
  const result = await work();
  await tx.run("set local enable_nestloop = on");
  return result;
}
