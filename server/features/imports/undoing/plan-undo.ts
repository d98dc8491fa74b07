import { createHash } from "node:crypto";
import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../../audit/record.ts";
import { countWelcomes } from "../../users/reactivate-users.ts";
import { lockImport, planChanged, userOf } from "../decide-import.ts";
import { countKept, suspendedLeavers } from "../leavers/store-leavers.ts";
import { canUndo, presentImport } from "../present-import.ts";
import { requireManageable } from "../require-manageable.ts";
import type { UndoPlan } from "../shapes.ts";
import { readImport, writeImport } from "../store.ts";
import { wakeImports } from "../wake-imports.ts";
import { countUndo, type UndoAction, type UndoRow } from "./store-undo.ts";
import { isConflict, why } from "./why-kept.ts";

/** What undoing an import would do now; nothing is changed. */
export async function planUndo(ctx: Context, importId: string): Promise<UndoPlan> {
  const found = await readImport(ctx, importId);
  if (!found) throw notFound("import");
  if (!canUndo(found)) throw cannotUndo();
  const { actions, emailed, unsent, groups } = await countUndo(ctx, importId);
  const rowsOf = (action: UndoAction) => actions.find((one) => one.action === action)?.rows ?? 0;
  const leavers = await suspendedLeavers(ctx, importId);
  const welcomes = await countWelcomes(ctx, leavers);
  const hash = createHash("sha256")
    .update(
      JSON.stringify([
        importId,
        actions.map(({ action, which }) => [action, which]),
        leavers.length,
        welcomes,
        groups,
        howMany(emailed),
      ]),
    )
    .digest("hex");
  return {
    hash,
    erase: rowsOf("erase"),
    emailed,
    restore: rowsOf("restore") + rowsOf("partly_changed"),
    withdraw: unsent,
    removeGroups: groups,
    reactivate: leavers.length,
    welcomes,
    keptLeavers: await countKept(ctx, importId),
    conflicts: actions.flatMap(({ action, rows }) =>
      isConflict(action) ? [{ code: action, rows, message: why[action] }] : [],
    ),
  };
}

/** Whoever agreed to undo before emails went is asked again when some have gone, and when it is ten times as many: not for each one. */
const howMany = (emailed: number) => (emailed === 0 ? 0 : String(emailed).length);

export const presentConflict = ({ file_no, row_no, email, user_id, action }: UndoRow) => ({
  fileNo: file_no,
  rowNo: row_no,
  email,
  userId: user_id,
  message: isConflict(action) ? why[action] : "",
});

const fromTheStart = { fileNo: 0, rowNo: 0 };

/** From here on a background job undoes the import by the plan that was looked at. Pressed twice it starts once. */
export async function startUndo(ctx: Context, importId: string, hash: string) {
  const found = await lockImport(ctx, importId);
  if (found.state === "undoing") return presentImport(ctx, importId);
  if ((await planUndo(ctx, importId)).hash !== hash) throw planChanged();
  await requireManageable(ctx, found, "undo");
  const undoStarted = { at: ctx.now, by: userOf(ctx) };
  const counts = { ...found.counts, undoneBefore: (found.counts.undone ?? 0) + (found.counts.kept ?? 0) };
  await writeImport(ctx, importId, { state: "undoing", undoStarted, counts, position: fromTheStart });
  await wakeImports(ctx, "apply");
  await record(ctx, { action: "import.undo_started", target: { kind: "import", id: importId } });
  return presentImport(ctx, importId);
}

const cannotUndo = () =>
  new ProblemError(
    409,
    "import.cannot_undo",
    "There is nothing of this import to undo: it was not applied, made or changed nobody, or was undone already.",
  );
