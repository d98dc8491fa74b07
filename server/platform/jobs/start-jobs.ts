import { setTimeout as wait } from "node:timers/promises";
import { type Logger, parseCronItems, type Runner, run } from "graphile-worker";
import type pg from "pg";
import type { Job } from "./job.ts";

type Options<Services> = {
  pool: pg.Pool;
  logger: Logger;
  concurrency: number;
  services: Services;
  /** Runs before the queue is opened, for the first time or again: to find unfinished work. */
  beforeOpening(): Promise<void>;
};

const againAfterMs = 1000;

/**
 * Runs the jobs of the queue until stopped; stopping waits for those in hand. The queue gives up when it cannot note what
 * became of a job, as when the database goes away: it is then opened again.
 */
export async function startJobs<Services>(jobs: readonly Job<Services>[], options: Options<Services>) {
  const stopping = new AbortController();
  let queue = await openQueue(jobs, options);
  const kept = keepOpen();
  return {
    stop: async () => {
      stopping.abort();
      // It may be giving up at this very moment.
      await queue.stop().catch(() => {});
      await kept;
    },
  };

  async function keepOpen() {
    for (;;) {
      await queue.promise.catch(() => {});
      while (!stopping.signal.aborted) {
        try {
          queue = await openQueue(jobs, options);
          break;
        } catch (error) {
          options.logger.warn(`The queue cannot be opened again yet: ${(error as Error).message}`);
          await wait(againAfterMs, undefined, { signal: stopping.signal }).catch(() => {});
        }
      }
      if (stopping.signal.aborted) return void (await queue.stop().catch(() => {}));
    }
  }
}

async function openQueue<Services>(
  jobs: readonly Job<Services>[],
  { pool, logger, concurrency, services, beforeOpening }: Options<Services>,
): Promise<Runner> {
  await beforeOpening();
  return run({
    pgPool: pool,
    logger,
    concurrency,
    noHandleSignals: true,
    // Without batches the outcome of a job is noted by a promise that nobody waits for, and its failure ends the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
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
}
