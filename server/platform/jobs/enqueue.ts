import type { Tx } from "#server/platform/db/tx.ts";

/**
 * Adds a job in the caller's transaction: it exists only if that commits. Payloads hold ids only. Of jobs with the same
 * key one waits at a time, so that a thousand wake-ups are one.
 */
export type Enqueue = (
  job: string,
  payload: Record<string, string>,
  options?: EnqueueOptions,
) => Promise<void>;
export type EnqueueOptions = { key?: string; runAt?: Date };

export const enqueueIn =
  (tx: Tx): Enqueue =>
  async (job, payload, { key, runAt } = {}) => {
    await tx.rows("select app.enqueue($1, $2::json, $3, $4)", [
      job,
      JSON.stringify(payload),
      key ?? null,
      runAt ?? null,
    ]);
  };
