import type { Context } from "#server/context.ts";
import { record } from "../../audit/record.ts";
import { type ImportRecord, writeImport } from "../store.ts";
import { countOutcomes } from "../store-rows.ts";

const mayNoMore =
  "Undoing stopped: whoever began it may not do that any more. What was undone stays; somebody who may can go on with it.";

/** What is undone only in part can be undone further, by somebody who may. */
export async function stopUndoing(ctx: Context, found: ImportRecord): Promise<false> {
  const counts = await countOutcomes(ctx, found.id);
  const { ready = 0, update = 0, unknown_group = 0 } = counts;
  const state = ready + update + unknown_group > 0 ? "cancelled" : "finished";
  await writeImport(ctx, found.id, { state, counts, trouble: null, problem: mayNoMore });
  await record(ctx, { action: "import.undo_stopped", target: { kind: "import", id: found.id } });
  return false;
}
