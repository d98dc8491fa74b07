import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { readRoom } from "../tenants/limits.ts";
import { countUserRows } from "../users/store-counts.ts";
import { cannotUndo, requireAllTheirs, whichCanUndo } from "./can-undo.ts";
import type { RestorePlan } from "./contract.ts";
import { requireMayDo, whoActs } from "./permission.ts";
import { readAction } from "./store.ts";
import { countAfterDeletion } from "./store-people.ts";

/** What undoing a deletion would do at this moment, by the rules by which `restoreBatch` does it. */
export async function planRestoring(ctx: Context, id: string): Promise<RestorePlan> {
  const actor = whoActs(ctx);
  requireMayDo(actor, "restore");
  const found = await readAction(ctx, id);
  if (!found) throw notFound("bulk action");
  const undoable = found.action === "delete" && (await whichCanUndo(ctx, [found])).has(id);
  if (!undoable) throw cannotUndo();
  await requireAllTheirs(ctx, id, actor);
  const counted = await countAfterDeletion(ctx, id, actor);
  const kept = counted.flatMap(({ reason, people }) => (reason ? [{ reason, people }] : []));
  const free = counted.find(({ reason }) => !reason)?.people ?? 0;
  const { left } = await readRoom(ctx, async () => (await countUserRows(ctx, {})).all);
  const restored = Math.min(free, left);
  if (restored < free) kept.push({ reason: "full", people: free - restored });
  return { restored, kept };
}
