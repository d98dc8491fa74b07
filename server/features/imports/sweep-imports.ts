import type { JobServices } from "#server/context.ts";
import { endOverdue, isOverdue, waitsFor } from "./end-overdue.ts";
import { tenantsWithLeavers } from "./leavers/store-leavers.ts";
import { suspendLeavers } from "./leavers/suspend-leavers.ts";
import { listUnfinishedImports, type UnfinishedImport } from "./store-work.ts";
import { type ImportWork, wakeImports } from "./wake-imports.ts";

/**
 * Finds again what a lost job or a killed server left unfinished, gives up what nobody came back for, and suspends people
 * missing from their source whose days of grace are over. What fails in one tenant keeps no other from its turn.
 */
export async function sweepImports(services: JobServices): Promise<void> {
  const unfinished = await services.database.asSystem("find unfinished imports", listUnfinishedImports);
  for (const { tenantId, work } of workOf(unfinished))
    await apart(services, tenantId, () => wakeImports({ ...services, tenantId }, work));
  for (const { tenant_id: tenantId, id } of unfinished.filter(isOverdue))
    await apart(services, tenantId, () => services.inTenant(tenantId, (ctx) => endOverdue(ctx, id)));
  await suspendDueLeavers(services);
}

/** Each kind of work of each tenant once. */
function workOf(unfinished: readonly UnfinishedImport[]) {
  const waiting = new Map<string, { tenantId: string; work: ImportWork }>();
  for (const found of unfinished) {
    const { tenant_id: tenantId } = found;
    for (const work of waitsFor(found)) waiting.set(`${work}:${tenantId}`, { tenantId, work });
  }
  return waiting.values();
}

async function suspendDueLeavers(services: JobServices) {
  const { database, inTenant, signal } = services;
  const tenants = await database.asSystem("find leavers", (tx) => tenantsWithLeavers(tx, new Date()));
  for (const { tenant_id: tenantId } of tenants)
    await apart(services, tenantId, async () => {
      while (!signal.aborted && (await inTenant(tenantId, suspendLeavers)));
    });
}

/** The next sweep tries it again. */
async function apart({ log }: JobServices, tenantId: string, work: () => Promise<unknown>) {
  try {
    await work();
  } catch (error) {
    log.error(
      { err: error, tenantId },
      "looking after a tenant's imports failed; it is tried again in a minute",
    );
  }
}
