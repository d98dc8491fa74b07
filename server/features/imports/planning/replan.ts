import type { Context } from "#server/context.ts";
import { joiningWhole } from "#server/platform/db/joining-whole.ts";
import { findLeavers } from "../leavers/store-leavers.ts";
import type { ImportRecord } from "../store.ts";
import type { Places } from "../store-places.ts";
import { isPlanned, noteChangedFacts, noteFacts, type Share, shareOf } from "./note-facts.ts";
import { planReadyRows, planRows, rulesOf } from "./plan-rows.ts";
import { findGroups, markDuplicates, takeUp, takeUpExisting, takeUpNaming } from "./store-plan.ts";

/**
 * Plans some rows anew, and takes from the plan what they had a part in before they were changed. All rows are planned where
 * a group that others name is there now, or gone.
 */
export async function replanPlaces(
  ctx: Context,
  found: ImportRecord,
  { places, addresses, before }: { places: Places; addresses: readonly string[]; before: Share },
): Promise<void> {
  if ((await findGroups(ctx, found.id)) > 0 || !isPlanned(found)) return planRows(ctx, found);
  await takeUp(ctx, found.id, places);
  await markDuplicates(ctx, found.id, places);
  await planReadyRows(ctx, found, await rulesOf(ctx, found), places);
  // Whose address was typed is in the file now, and whose is gone may be missing.
  if (found.source !== null) await findLeavers(ctx, found, addresses);
  await noteChangedFacts(ctx, found, { before, after: await shareOf(ctx, found.id, places) });
}

/** What somebody has chosen otherwise: what becomes of people who are users already, or which groups some names stand for. */
export type Chosen = { existing: boolean; nameKeys: readonly string[] };

/** Plans anew what a choice is about: nobody's row becomes a duplicate by it, or is none any more. */
export async function replanChosen(ctx: Context, found: ImportRecord, chosen: Chosen): Promise<void> {
  if ((await findGroups(ctx, found.id)) > 0) return planRows(ctx, found);
  await joiningWhole(ctx.tx, async () => {
    if (chosen.existing) await takeUpExisting(ctx, found.id);
    if (chosen.nameKeys.length > 0) await takeUpNaming(ctx, found.id, chosen.nameKeys);
    await planReadyRows(ctx, found, await rulesOf(ctx, found));
    await findLeavers(ctx, found);
    await noteFacts(ctx, found);
  });
}
