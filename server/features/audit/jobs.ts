import type { Job, JobServices } from "#server/context.ts";
import { eachApart } from "#server/platform/jobs/each-apart.ts";
import { enqueueIn } from "#server/platform/jobs/enqueue.ts";
import { chainEvents } from "./chain/chain-events.ts";
import { removeOldestMonth } from "./chain/remove-old-months.ts";
import { tenantsWithPending } from "./chain/store-chain.ts";
import { allTenants } from "./chain/store-retention.ts";
import { keepMonths } from "./keep-months.ts";
import { removeTypedAddresses } from "./store-personal.ts";

/** Puts committed events into the chain of their tenant. Only by the clock: a writer that woke it would wait for the others. */
const chainJob: Job = {
  name: "audit.chain",
  lane: "quick",
  cron: "* * * * *",
  run: async (_payload, { database, instance, signal }) => {
    const key = instance.secrets.signingKey;
    const tenants = await database.asSystem("find events that are not chained", tenantsWithPending);
    await eachApart(tenants, async ({ tenant_id: tenantId }) => {
      if (!signal.aborted) await chainEvents({ database, key, stopped: () => signal.aborted }, tenantId);
    });
  },
};

const keepTypedDays = 30;

/** Removes months older than are kept, and addresses that somebody typed and that are nobody's. */
const removeJob: Job = {
  name: "audit.remove_old",
  lane: "slow",
  cron: "41 3 * * *",
  run: async (_payload, services) => {
    const { database, instance, signal } = services;
    const before = new Date(Date.now() - keepTypedDays * 86_400_000);
    const tenants = await database.asSystem("find whose old events to remove", allTenants);
    await eachApart(tenants, async ({ tenant_id: tenantId, keep_months: wanted }) => {
      const months = keepMonths(instance.config, wanted);
      await database.asSystem("erase addresses that nobody has", (tx) =>
        removeTypedAddresses(tx, tenantId, before),
      );
      while (months > 0 && !signal.aborted && (await removeOne(services, { tenantId, months })));
    });
  },
};

async function removeOne(services: JobServices, { tenantId, months }: { tenantId: string; months: number }) {
  const door = await services.door(tenantId);
  if (!door) return false;
  return services.database.asSystem("remove audit events of an old month", (tx) =>
    removeOldestMonth({ ...door, now: new Date(), tx, enqueue: enqueueIn(tx) }, months),
  );
}

export const auditJobs = [chainJob, removeJob];
