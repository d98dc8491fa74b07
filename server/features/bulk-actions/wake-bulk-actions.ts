import type { Context } from "#server/context.ts";

/** Has a worker look for an action of the tenant to go on with. */
export const wakeBulkActions = ({ enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">) =>
  enqueue("bulk_actions.run", { tenantId }, { key: `bulk_actions.run:${tenantId}` });
