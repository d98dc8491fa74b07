import type { Context } from "#server/context.ts";
import { anyGroup } from "../../groups/store.ts";
import { anybodyElse } from "../../users/store.ts";
import type { ImportRecord, PlanFacts } from "../store.ts";
import { seatBelt } from "./plan.ts";
import { readSafety } from "./safety.ts";
import { isChangedBy } from "./store-plan.ts";

/** The seat belt as it is for whoever looks at the plan or applies it: they themselves may be in it. */
export async function readSeatBelt(ctx: Context, found: ImportRecord, plan: PlanFacts) {
  const { actor, tenantSlug } = ctx;
  return seatBelt(found, plan, {
    limits: await limitsFor(ctx, found, plan),
    phrase: tenantSlug,
    changesYou: actor.kind === "user" && (await isChangedBy(ctx, found, actor.id)),
  });
}

/** The first import of a tenant makes the groups it is to have: there are none yet that a name could be a misspelling of. */
async function limitsFor(ctx: Context, { create_missing_groups }: ImportRecord, plan: PlanFacts) {
  const limits = await readSafety(ctx);
  if (!create_missing_groups || plan.unknownGroups <= limits.newGroups) return limits;
  const isFirst = !(await anyGroup(ctx)) && !(await anybodyElse(ctx));
  return isFirst ? { ...limits, newGroups: Number.POSITIVE_INFINITY } : limits;
}
