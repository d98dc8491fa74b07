import type { Job } from "#server/context.ts";
import { inTurns } from "../imports/in-turns.ts";
import { runBulkAction } from "./run-bulk-action.ts";
import { nextAction, tenantsAtWork } from "./store.ts";
import { wakeBulkActions } from "./wake-bulk-actions.ts";

/** How long one tenant's actions go on before it is another one's turn. */
const turnMs = 3000;

/** Finds again what a lost job or a killed server left unfinished. */
const sweepJob: Job = {
  name: "bulk_actions.sweep",
  lane: "quick",
  cron: "* * * * *",
  run: async (_payload, { database, enqueue }) => {
    const tenants = await database.asSystem("find unfinished bulk actions", tenantsAtWork);
    for (const { tenant_id: tenantId } of tenants) await wakeBulkActions({ enqueue, tenantId });
  },
};

export const bulkActionJobs: readonly Job[] = [
  inTurns(turnMs, {
    name: "bulk_actions.run",
    lane: "slow",
    next: nextAction,
    work: (door, { id }, { over }) => runBulkAction(door, id, over),
  }),
  sweepJob,
];
