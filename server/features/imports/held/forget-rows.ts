import type { Context, JobServices } from "#server/context.ts";
import { eachApart } from "#server/platform/jobs/each-apart.ts";
import { daysAfter } from "../../credentials/validity.ts";
import { readSettings } from "../../tenants/settings.ts";
import type { RowPlace } from "../store-work.ts";
import { forgetNobodysRows, nextToForget, noteForgotten, tenantsToForgetIn } from "./store-forgotten.ts";

/** Rows looked at in a transaction. */
const batchRows = 20_000;

/**
 * What files said of people nobody was made of: rows with problems, of imports that were cancelled or failed. No erasure
 * finds them, for there is nobody to erase; they are kept for as many days as the tenant wants.
 */
export async function forgetRows({ database, inTenant, signal }: JobServices) {
  const tenants = await database.asSystem("find imports with rows of nobody", tenantsToForgetIn);
  await eachApart(tenants, async ({ tenant_id: tenantId }) => {
    let after: RowPlace | undefined;
    let importId: string | undefined;
    do {
      importId = await inTenant(tenantId, nextDue);
      after = [0, 0];
      while (importId && after && !signal.aborted) {
        const [id, place]: [string, RowPlace] = [importId, after];
        after = await inTenant(tenantId, (ctx) => forgetBatch(ctx, id, place));
      }
    } while (importId && !signal.aborted);
  });
}

async function nextDue(ctx: Context) {
  const { importRowDays } = await readSettings(ctx);
  return (await nextToForget(ctx, daysAfter(ctx.now, -importRowDays)))?.id;
}

async function forgetBatch(ctx: Context, importId: string, after: RowPlace) {
  const last = await forgetNobodysRows(ctx, importId, { after, most: batchRows });
  if (!last) await noteForgotten(ctx, importId);
  return last;
}
