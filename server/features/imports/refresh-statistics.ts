import type { Context, Job } from "#server/context.ts";
import type { Counts } from "./store.ts";
import { analyzePeople } from "./store-rows.ts";

const name = "imports.refresh_statistics";

/** Fewer than this make no difference to how statements are planned. */
const manyPeople = 2000;

/** Behind an import, not within it: without it all is there, only what comes next may be planned for as few people as before. */
export async function refreshStatistics({ tenantId, enqueue }: Context, counts: Counts) {
  const { created = 0, invited = 0, suspended = 0, updated = 0 } = counts;
  if (created + invited + suspended + updated >= manyPeople) await enqueue(name, { tenantId }, { key: name });
}

export const refreshStatisticsJob: Job = {
  name,
  lane: "slow",
  run: async ({ tenantId = "" }, services) => {
    await services.inTenant(tenantId, analyzePeople);
  },
};
