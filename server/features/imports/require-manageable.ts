import type { Context } from "#server/context.ts";
import { manageableRoles } from "#server/permissions.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { countChangedAbove } from "./planning/store-plan.ts";
import type { ImportRecord } from "./store.ts";

/**
 * Whoever carries out or undoes an import changes the people in it, whoever uploaded it: not people above them. Whoever
 * runs Muster by command may.
 */
export async function requireManageable(ctx: Context, found: ImportRecord, what: "apply" | "undo") {
  if (ctx.actor.kind !== "user") return;
  const place = { importId: found.id, outcomes: what === "undo" ? ["updated"] : changing(found) };
  if ((await countChangedAbove(ctx, place, manageableRoles(ctx.actor.role))) === 0) return;
  throw new ProblemError(403, "user.not_yours_to_change", refusals[what]);
}

const changing = ({ create_missing_groups }: ImportRecord) =>
  create_missing_groups ? ["update", "unknown_group"] : ["update"];

const refusals = {
  apply:
    "This import changes people who may do more than you may. Ask one of them to import it. Nothing was imported.",
  undo: "This import changed people who may do more than you may. Ask one of them to undo it.",
};
