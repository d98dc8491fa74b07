import { enqueueIn } from "#server/platform/jobs/enqueue.ts";
import type { Lane } from "#server/platform/jobs/job.ts";
import { queueLogger } from "#server/platform/jobs/queue-logger.ts";
import { startJobs } from "#server/platform/jobs/start-jobs.ts";
import type { Job, JobServices } from "./context.ts";
import { slugOf } from "./features/tenants/store.ts";
import type { Installation } from "./open-installation.ts";
import { doorOf } from "./serve-routes.ts";

/** How many jobs of each lane run at once. */
const workers: Record<Lane, number> = {
  urgent: 2,
  quick: 4,
  slow: 4,
  long: 3,
  heavy: 1,
  outside: 4,
  outside_urgent: 2,
};

/** Runs the background jobs of an installation. Those that also run by the clock run once at the start. */
export async function startBackground(installation: Installation, jobs: readonly Job[]) {
  const stopping = new AbortController();
  const outliving = new Set<Promise<unknown>>();
  const services = jobServices(installation, stopping.signal, outliving);
  const startLane = (lane: Lane) => {
    const ofLane = jobs.filter((job) => job.lane === lane);
    return startJobs(ofLane, {
      pool: installation.database.queuePool,
      logger: queueLogger(installation.log),
      concurrency: workers[lane],
      services,
      beforeOpening: async () => {
        for (const job of ofLane) if (job.cron) await services.enqueue(job.name, {}, { key: job.name });
      },
    });
  };
  const runners = await Promise.all((Object.keys(workers) as Lane[]).map(startLane));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(runners.map((runner) => runner.stop()));
      await Promise.allSettled(outliving);
    },
  };
}

/** `outliving`: where work is that goes on when its job is over. */
export function jobServices(
  installation: Installation,
  signal: AbortSignal,
  outliving = new Set<Promise<unknown>>(),
): JobServices {
  const { database, instance, log } = installation;
  // A slug never changes.
  const slugs = new Map<string, string>();
  const door = async (tenantId: string) => {
    const slug = slugs.get(tenantId) ?? (await database.inTenant(tenantId, (tx) => slugOf(tx, tenantId)));
    if (slug === undefined) return undefined;
    slugs.set(tenantId, slug);
    const actor = { kind: "system" } as const;
    return doorOf({ database, instance, log }, { id: tenantId, slug, actor, now: new Date() });
  };
  return {
    database,
    instance,
    log,
    signal,
    outlive: (work) => {
      outliving.add(work);
      work
        .catch((error) => log.error({ err: error }, "what went on after its job was over failed"))
        .finally(() => outliving.delete(work));
    },
    enqueue: (job, payload, options) =>
      database.asSystem("add a job that belongs to no tenant", (tx) => enqueueIn(tx)(job, payload, options)),
    door,
    inTenant: async (tenantId, work) => (await door(tenantId))?.run(work),
  };
}
