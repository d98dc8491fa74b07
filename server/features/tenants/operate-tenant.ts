import type { Context, Door } from "#server/context.ts";
import type { Database } from "#server/platform/db/database.ts";
import { enqueueIn } from "#server/platform/jobs/enqueue.ts";

/**
 * Opens, closes or deletes a tenant, by the operator's command. As the system role: whoever makes the portal run SQL of theirs
 * must not be able to have a tenant erased, and its audit log with it.
 */
export const operateTenant = <T>(database: Database, door: Door, work: (ctx: Context) => Promise<T>) =>
  database.asSystem("open, close or delete a tenant by command", (tx) =>
    work({ ...door, now: new Date(), tx, enqueue: enqueueIn(tx) }),
  );
