import type { Context, Job } from "#server/context.ts";
import { eachApart } from "#server/platform/jobs/each-apart.ts";
import { hoursAfter } from "../../credentials/validity.ts";
import { type HeldData, registerHeldData } from "../held-data/held-data.ts";
import { erasePeople } from "./erase-people.ts";
import { lockDueForErasure, postponeErasure, tenantsWithPeopleToErase } from "./store-deleted.ts";

/** People in a transaction: looking through the rows of all imports costs the same for one as for many. */
const most = 500;

/** Erases some of those whose days are over. Answers whether there may be more. */
export async function eraseDue(ctx: Context): Promise<boolean> {
  const due = await lockDueForErasure(ctx, most);
  if (due.length === 0) return false;
  const { waiting } = await erasePeople(ctx, due);
  await postponeErasure(ctx, [...waiting.keys()], hoursAfter(ctx.now, 1));
  return due.length === most;
}

/** `held`: what features to the right keep of people. */
export function deletionJobs(held: readonly HeldData[]): readonly Job[] {
  registerHeldData(held);
  return [
    {
      name: "users.erase_deleted",
      lane: "slow",
      cron: "23 * * * *",
      run: async (_payload, { database, inTenant, signal }) => {
        const tenants = await database.asSystem("find people to erase", (tx) =>
          tenantsWithPeopleToErase(tx, new Date()),
        );
        await eachApart(tenants, async ({ tenant_id: tenantId }) => {
          while (!signal.aborted && (await inTenant(tenantId, eraseDue)));
        });
      },
    },
  ];
}
