import type { Job } from "#server/context.ts";
import type { Database } from "#server/platform/db/database.ts";
import { eachApart } from "#server/platform/jobs/each-apart.ts";
import {
  eraseRows,
  finishErasing,
  listTenantsToErase,
  listTenantTables,
  startErasing,
} from "./store-whole.ts";

/** No request and no batch of a job writes for so long. */
const lookAgainMs = 60 * 60_000;

/**
 * Erases a deleted tenant whose days of grace are over: every row of every table that has its id, whatever tables there are.
 * Only its slug is left, so that no link that was mailed ever leads to somebody else's portal. Stopped in the middle it is
 * gone on with; from its beginning on there is no way back. Answers whether there was anything to erase. Somebody who was at work
 * at that moment may have written something that is seen only when they are done: an hour later it is looked through again.
 */
export async function eraseTenant(database: Database, tenantId: string, now: Date): Promise<boolean> {
  const due = await database.asSystem("begin to erase a tenant", (tx) => startErasing(tx, tenantId, now));
  if (!due) return false;
  const tables = await database.asSystem("which tables hold a tenant's rows", listTenantTables);
  let rows = 0;
  for (let erased = 1; erased > 0; rows += erased) {
    erased = 0;
    for (const table of tables)
      erased += await database.asSystem("erase a tenant", (tx) => eraseRows(tx, table, tenantId));
  }
  const again = rows > 0 ? new Date(now.getTime() + lookAgainMs) : null;
  await database.asSystem("a tenant is erased", (tx) => finishErasing(tx, { tenantId, now, again }));
  return rows > 0;
}

export const eraseTenantsJob: Job = {
  name: "tenants.erase",
  lane: "slow",
  cron: "41 * * * *",
  run: async (_payload, { database, log, signal }) => {
    const now = new Date();
    const due = await database.asSystem("find tenants to erase", (tx) => listTenantsToErase(tx, now));
    await eachApart(due, async ({ id }) => {
      if (!signal.aborted && (await eraseTenant(database, id, now)))
        log.info({ tenantId: id }, "a deleted tenant was erased");
    });
  },
};
