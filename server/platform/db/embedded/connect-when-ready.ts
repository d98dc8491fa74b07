import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Supervised } from "./supervise.ts";

type Address = { socketDir: string; port: number; password: string };

// Only a safety net: recovery after a crash reads up to max_wal_size, and the process ends when it cannot go on.
const patienceMs = 10 * 60_000;

const wrongPassword =
  "The database does not accept the password made from this instance's key: the key in the data directory is not " +
  "the one the database was made with. Bring the data directory back whole, from one backup.";

/** True as soon as the server answers a query, false when it ended; throws when it refuses us. */
export async function connectWhenReady(
  address: Address,
  server: Supervised,
  log: (message: string) => void,
): Promise<boolean> {
  const started = Date.now();
  let told = false;
  while (!server.hasEnded() && Date.now() - started < patienceMs) {
    const problem = await tryConnect(address);
    if (problem === undefined) return true;
    if (problem === "28P01") throw new Error(wrongPassword);
    if (!told && Date.now() - started > 5_000) {
      log(
        "PostgreSQL takes its time to start: after an unclean stop it recovers first, which can take minutes",
      );
      told = true;
    }
    await sleep(25);
  }
  return false;
}

/** Undefined when it answers, else the code of what went wrong. */
async function tryConnect(address: Address): Promise<string | undefined> {
  const { socketDir: host, port, password } = address;
  const options = { host, port, password, user: "postgres", database: "postgres" };
  const client = new pg.Client({ ...options, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {}); // a server that ends while we ask is a failed attempt, not a crash of ours
  try {
    await client.connect();
    await client.query("select 1");
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? "unknown";
  } finally {
    await client.end().catch(() => {});
  }
}
