import { type Logger, runMigrations } from "graphile-worker";
import type pg from "pg";

/**
 * Makes the queue's own tables and `app.enqueue()`, the application's only way to them: both belong to muster_queue, and
 * the function joins the caller's transaction. A job that is asked for again keeps its place among those that wait: one
 * that is asked for all the time would otherwise never come first. Several servers may start at once: one prepares, the
 * others wait.
 */
export async function prepareQueue(pool: pg.Pool, logger: Logger): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('muster queue'))");
    await runMigrations({ pgPool: pool, logger });
    await client.query(`
      create or replace function app.enqueue(job text, payload json, key text, run_at timestamptz) returns void
      language sql security definer set search_path = pg_catalog as $$
        select graphile_worker.add_job(job, payload, job_key => key, run_at => run_at, max_attempts => 25,
          job_key_mode => case when run_at is null then 'preserve_run_at' else 'replace' end)
      $$;
      revoke execute on function app.enqueue(text, json, text, timestamptz) from public;
      grant execute on function app.enqueue(text, json, text, timestamptz) to muster_app, muster_system;`);
  } finally {
    await client.query("select pg_advisory_unlock_all()");
    client.release();
  }
}
