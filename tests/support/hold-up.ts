import type { MusterProcess } from "./muster-process.ts";
import { until } from "./until.ts";

export type HeldUp = { release(): Promise<void> };

/**
 * Holds a server up in the middle of its work: at the `nth` transaction from now in which the application inserts into,
 * updates or deletes from a table. The transactions before it are committed by then, this one waits for a lock.
 */
export async function holdUp(muster: MusterProcess, table: string, nth: number): Promise<HeldUp> {
  let held = await (await lock(muster, table)).granted;
  for (let place = 1; ; place += 1) {
    await until(() => someoneWaits(muster, table), `write ${place} to ${table}`, 60_000);
    if (place === nth) return held;
    // Locks are granted in the order they were asked for: the next one is ours as soon as this transaction is over.
    const next = await lock(muster, table);
    await held.release();
    held = await next.granted;
  }
}

async function lock(muster: MusterProcess, table: string) {
  const client = await muster.connect();
  await client.query("begin");
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  // Share mode: whoever reads goes on, whoever writes waits.
  const locking = client.query(`lock table muster.${table} in share mode`);
  let isGranted = false;
  const granted = locking.then((): HeldUp => {
    isGranted = true;
    return { release: () => client.end().catch(() => {}) };
  });
  granted.catch(() => {});
  const asked = "select 1 from pg_locks where pid = $1 and locktype = 'relation' and mode = 'ShareLock'";
  await until(
    async () => isGranted || (await muster.query(asked, [rows[0]?.pid])).length > 0,
    `the lock on ${table} to be asked for`,
  );
  return { granted };
}

/** The application itself writes: jobs of the mail sender read and claim, and are left out. */
async function someoneWaits(muster: MusterProcess, table: string): Promise<boolean> {
  const rows = await muster.query(
    `select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.relation = ('muster.' || $1)::regclass and not l.granted and a.usename = 'muster_app'
        and a.query !~ 'update messages'`,
    [table],
  );
  return rows.length > 0;
}
