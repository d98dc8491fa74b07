import type { Database } from "./database.ts";

/**
 * Runs `work` unless another process is running work of the same name: then it does nothing. The lock lives with a
 * connection of its own, so that it is gone the moment its holder is, however that ends; `signal` fires when the
 * connection is lost while working.
 */
export async function exclusively(
  database: Database,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const client = await database.connect();
  const lost = new AbortController();
  client.on("error", () => lost.abort());
  client.on("end", () => lost.abort());
  try {
    const { rows } = await client.query<{ held: boolean }>(
      "select pg_try_advisory_lock(hashtextextended($1, 0)) held",
      [name],
    );
    if (!rows[0]?.held) return false;
    await work(lost.signal);
    return true;
  } finally {
    await client.end().catch(() => {});
  }
}
