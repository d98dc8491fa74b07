import type { Context } from "#server/context.ts";

/** The jobs that look for each kind of work. Reading has two: a large file has workers of its own. */
const jobsOf = {
  check: ["imports.check", "imports.check_large"],
  apply: ["imports.apply"],
  wipe: ["imports.wipe"],
} as const;
export type ImportWork = keyof typeof jobsOf;

/**
 * Has a worker look for work of this kind in the tenant, now or later. A wake-up names no import: the worker takes the one
 * whose turn it is.
 */
export async function wakeImports(
  { enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">,
  work: ImportWork,
  later?: Date,
) {
  for (const job of jobsOf[work]) {
    const key = `${job}:${tenantId}`;
    await enqueue(job, { tenantId }, later ? { key: `${key}:later`, runAt: later } : { key });
  }
}
