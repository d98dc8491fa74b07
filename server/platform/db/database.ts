import pg from "pg";
import { retryingConflicts } from "./retrying-conflicts.ts";
import type { Tx } from "./tx.ts";

export type RoleUrls = { app: pg.PoolConfig; system: pg.PoolConfig; queue: pg.PoolConfig };
type Log = { warn(details: object, message: string): void };

/** The doors to the database. Nothing else opens a transaction. */
export type Database = {
  /** Runs `work` in a transaction that sees and writes the rows of one tenant only. */
  inTenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction that sees every tenant's rows: the one door across tenants. Say why. */
  asSystem<T>(why: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A connection of its own for as long as the process lives: advisory locks that prove a sender is alive. */
  connect(): Promise<pg.Client>;
  queuePool: pg.Pool;
  /** For counters across tenants: a database that crashes may have forgotten the last second of them. */
  countersPool: pg.Pool;
  close(): Promise<void>;
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const searchPath = "-c search_path=muster,app";

/** `modest`: one processor for each statement, so that others have the rest. */
type Manner = { modest: boolean };

export function openDatabase(urls: RoleUrls, log: Log, { modest }: Manner = { modest: false }): Database {
  const usual = modest ? `${searchPath} -c max_parallel_workers_per_gather=0` : searchPath;
  const pool = (config: pg.PoolConfig, max: number, { pipeline = false, options = usual } = {}) => {
    const made = new pg.Pool({ ...config, max, pipeline, options, idleTimeoutMillis: 30_000 });
    // An idle connection that breaks (the server restarts) must not end the process; the next query opens another.
    // Only the words: the error carries the whole client with it.
    made.on("error", (error) => log.warn({ reason: error.message }, "database connection lost"));
    // One that is in use tells whoever uses it; without a listener it would end the process.
    made.on("connect", (client) => client.on("error", () => {}));
    return made;
  };
  const app = pool(urls.app, 16, { pipeline: true });
  const system = pool(urls.system, 4, { pipeline: true });
  const counters = pool(urls.system, 4, { options: `${searchPath} -c synchronous_commit=off` });
  // Each lane of jobs keeps one connection to be woken by.
  const queue = pool(urls.queue, 14);
  return {
    inTenant: (tenantId, work) => {
      if (!uuid.test(tenantId)) throw new Error("A tenant's id is a UUID.");
      return transaction(app, `begin; select app.set_tenant('${tenantId}')`, work);
    },
    asSystem: (_why, work) => transaction(system, "begin", work),
    connect: () => connect(urls.app),
    queuePool: queue,
    countersPool: counters,
    close: async () => {
      await Promise.all([app.end(), system.end(), counters.end(), queue.end()]);
    },
  };
}

async function connect(config: pg.ClientConfig) {
  const client = new pg.Client({ ...config, options: searchPath });
  // It can be lost with the very bytes that say it is ready, before whoever asked for it can listen.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** What `work` does is undone when it throws, so that it may be done again where the database asks for that. */
const transaction = <T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  retryingConflicts(() => transactionOnce(pool, begin, work));

async function transactionOnce<T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.once("error", onError);
  try {
    // On its way together with the first statement of the work: one trip to the database fewer for every transaction.
    const begun = client.query(begin);
    begun.catch(() => {});
    const sent: Promise<unknown>[] = [begun];
    const result = await work(txOf(client, sent)).catch(async (error) => {
      await Promise.all(sent);
      throw error;
    });
    await Promise.all([...sent, client.query("commit")]);
    return result;
  } catch (error) {
    await client.query("rollback").catch((rollbackError: Error) => {
      broken ??= rollbackError;
    });
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

const names = new Map<string, string>();

/** What a prepared statement is called on every connection. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  return name;
}

/** `sent`: what nobody has waited for yet. */
const txOf = (client: pg.PoolClient, sent: Promise<unknown>[]): Tx => ({
  rows: async <Row>(text: string, values: readonly unknown[] = []) =>
    (await client.query(text, values as unknown[])).rows as Row[],
  prepared: async <Row>(text: string, values: readonly unknown[] = []) =>
    (await client.query({ name: nameOf(text), text, values: values as unknown[] })).rows as Row[],
  send: (text, values = []) => {
    const answer = client.query({ name: nameOf(text), text, values: values as unknown[] });
    answer.catch(() => {});
    sent.push(answer);
  },
  row: async <Row>(text: string, values: readonly unknown[] = []) =>
    (await client.query(text, values as unknown[])).rows[0] as Row | undefined,
  run: async (text, values = []) => (await client.query(text, values as unknown[])).rowCount ?? 0,
});
