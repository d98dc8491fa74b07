import { setImmediate as othersFirst } from "node:timers/promises";
import type { Context, Door } from "#server/context.ts";
import { groupsCell } from "../groups/groups-cell.ts";
import { readSettings } from "../tenants/settings.ts";
import { mapFile } from "./map-file.ts";
import { openFile, type ReadableFile } from "./open-file.ts";
import { type RowEdit, recheckRow } from "./planning/row-edits.ts";
import { everybodysGroups, putInto } from "./put-into.ts";
import type { Upload } from "./read-upload.ts";
import { checkRow } from "./reading/check-row.ts";
import { readRows } from "./reading/read-rows.ts";
import type { CheckedRow, ColumnMapping, ReadRow } from "./reading/types.ts";
import { UnreadableFileError } from "./reading/unreadable-file-error.ts";
import { keepSamples } from "./sample-values.ts";
import { sizeOf, stageRow } from "./stage-row.ts";
import { type FileChoice, writeFile, writeImport } from "./store.ts";
import { commitUnflushed, insertRows, removeRowsOfFile, type StagedRow } from "./store-rows.ts";

const batchRows = 5000;
/** Putting the values of a statement on the wire is one piece of work that nobody gets a turn in between. */
const statementRows = 1000;
/** And with what was found in them at most about this much: hostile rows are a thousand times as large as others. */
const batchBytes = 4 * 1024 * 1024;
/** Checking is work for the processor: after this long other jobs get their turn. */
const turnMs = 4;
/** More different names than this are not groups: another column was taken for them. */
const mostGroups = 20_000;

type Staging = {
  /** Fires when nobody waits for the file any more. */
  signal: AbortSignal;
  choice: FileChoice;
  /** What somebody typed instead of the file's values, by row. */
  edits: ReadonlyMap<number, RowEdit>;
  /** Rows of the files before this one. */
  rowsBefore: number;
  knownGroup: (nameKey: string) => boolean;
  /** Collects every group that is named, and in how many rows. */
  named: Map<string, { name: string; rows: number }>;
  /** Throws to stop. Runs in each transaction that writes something: an import that is over is wiped, and stays so. */
  beforeWrite: (ctx: Context) => Promise<void>;
};

/** Reads, checks and stages one file. Answers how many rows there are now; a problem of the whole file is noted with it. */
export async function stageFile(door: Door, place: Upload, staging: Staging): Promise<number> {
  const { beforeWrite } = staging;
  let file: ReadableFile | undefined;
  try {
    file = await openFile(door, place, staging);
    await keepSamples(door, { place, file, beforeWrite });
    const { passwordMinimum } = await door.run(readSettings);
    const mapped = await mapFile(door, { place, file, choice: staging.choice, beforeWrite });
    const mapping = { ...mapped, passwordMinimum };
    return await stageRows(door, { place, file, mapping }, staging);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    await door.run(async (ctx) => {
      await beforeWrite(ctx);
      // Of a file that cannot be read to its end nothing is imported: its first rows are not left over.
      await removeRowsOfFile(ctx, place);
      await writeFile(ctx, place, { problem: error.message });
    });
    return staging.rowsBefore;
  } finally {
    await file?.close();
  }
}

type Source = {
  place: Upload;
  file: ReadableFile;
  mapping: ColumnMapping & { passwordMinimum: number };
};

/** Answers how many rows there are now. While one batch is written the next is read. */
async function stageRows(door: Door, source: Source, staging: Staging): Promise<number> {
  const { place } = source;
  let rows = staging.rowsBefore;
  let written: Promise<void> = Promise.resolve();
  try {
    for await (const batch of readBatches(door, source, staging)) {
      await written;
      rows += batch.length;
      const counts = { rows };
      written = door.run(async (ctx) => {
        await staging.beforeWrite(ctx);
        await commitUnflushed(ctx);
        for (let from = 0; from < batch.length; from += statementRows) {
          await insertRows(ctx, place, batch.slice(from, from + statementRows));
        }
        await writeImport(ctx, place.importId, { counts });
      });
      // Whoever waits for it hears of it; until then it is nobody's.
      written.catch(() => {});
    }
  } finally {
    // Whoever goes on from here finds nobody writing any more.
    await written;
  }
  return rows;
}

async function* readBatches(door: Door, { file, mapping }: Source, staging: Staging) {
  const { knownGroup, named, edits } = staging;
  const options = {
    limits: { rows: door.instance.config.importMaxRows - staging.rowsBefore },
    emptyCellsLeftOut: file.format === "xlsx",
  };
  const stager = { ...door, passwordMinimum: mapping.passwordMinimum };
  const everybodyIn = everybodysGroups(staging.choice);
  const check = (row: ReadRow) => {
    const read = checkRow(row, mapping, knownGroup);
    const edit = edits.get(row.rowNo);
    const checked = edit ? recheckRow(valuesOf(read), edit, { mapping, knownGroup }) : read;
    putInto(checked, everybodyIn);
    noteGroups(named, checked);
    return stageRow(stager, checked);
  };
  let batch: StagedRow[] = [];
  let bytes = 0;
  let turn = performance.now();
  for await (const rows of readRows(file.chunks(), file.recognised, options)) {
    for (const row of rows) {
      const next = check(row);
      bytes += sizeOf(next);
      batch.push(next);
      if (batch.length >= batchRows || bytes >= batchBytes) {
        yield batch;
        [batch, bytes] = [[], 0];
      }
      if (performance.now() - turn < turnMs) continue;
      await othersFirst();
      turn = performance.now();
    }
  }
  if (batch.length > 0) yield batch;
}

const valuesOf = (read: CheckedRow) => ({ ...read, groups: groupsCell(read.groupParts) });

function noteGroups(named: Staging["named"], { groupKeys, groupNames }: CheckedRow) {
  for (const [at, key] of groupKeys.entries()) {
    const seen = named.get(key);
    if (seen) seen.rows += 1;
    else named.set(key, { name: groupNames[at] ?? key, rows: 1 });
  }
  if (named.size > mostGroups) {
    throw new UnreadableFileError({
      code: "too_many_groups",
      message: `This file names more than ${mostGroups.toLocaleString("en")} different groups. Is the right column headed Groups?`,
    });
  }
}
