import { type Logger, parseCronItems, run } from "graphile-worker";
import type pg from "pg";
import type { Job } from "./job.ts";

type Options<Services> = { pool: pg.Pool; logger: Logger; concurrency: number; services: Services };

/** Runs the jobs of the queue until stopped; stopping waits for those in hand. */
export async function startJobs<Services>(jobs: readonly Job<Services>[], options: Options<Services>) {
  const { pool, logger, concurrency, services } = options;
  const runner = await run({
    pgPool: pool,
    logger,
    concurrency,
    noHandleSignals: true,
    taskList: Object.fromEntries(
      jobs.map((job) => [
        job.name,
        (payload: unknown) => job.run((payload ?? {}) as Record<string, string>, services),
      ]),
    ),
    parsedCronItems: parseCronItems(
      jobs.flatMap((job) =>
        job.cron ? [{ task: job.name, match: job.cron, options: { jobKey: job.name, maxAttempts: 1 } }] : [],
      ),
    ),
  });
  return { stop: () => runner.stop() };
}
