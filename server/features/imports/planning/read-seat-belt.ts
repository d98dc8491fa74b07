import type { Context } from "#server/context.ts";
import type { ImportRecord, PlanFacts } from "../store.ts";
import { seatBelt } from "./plan.ts";
import { readSafety } from "./safety.ts";
import { isChangedBy } from "./store-plan.ts";

/** The seat belt as it is for whoever looks at the plan or applies it: they themselves may be in it. */
export async function readSeatBelt(ctx: Context, found: ImportRecord, plan: PlanFacts) {
  const { actor, tenantSlug } = ctx;
  return seatBelt(found, plan, {
    limits: await readSafety(ctx),
    phrase: tenantSlug,
    changesYou: actor.kind === "user" && (await isChangedBy(ctx, found, actor.id)),
  });
}
