import { setImmediate as othersFirst } from "node:timers/promises";
import type { Context, Door } from "#server/context.ts";
import { groupNameKey } from "../groups/group-name.ts";
import { describeColumns } from "./describe-columns.ts";
import { readUpload, type Upload } from "./read-upload.ts";
import { checkRow } from "./reading/check-row.ts";
import { readRows } from "./reading/read-rows.ts";
import { recogniseColumns } from "./reading/recognise-columns.ts";
import { headBytes, recogniseFile } from "./reading/recognise-file.ts";
import type { CheckedRow, ColumnMapping, FileProblem, Recognised } from "./reading/types.ts";
import { UnreadableFileError } from "./reading/unreadable-file-error.ts";
import { sizeOf, stageRow } from "./stage-row.ts";
import { writeFile, writeImport } from "./store.ts";
import { insertRows, removeRowsOfFile, type StagedRow } from "./store-rows.ts";

const batchRows = 5000;
/** And with what was found in them at most about this much: hostile rows are a thousand times as large as others. */
const batchBytes = 4 * 1024 * 1024;
/** Checking is work for the processor: after this long others get their turn. */
const turnMs = 20;
/** More different names than this are not groups: another column was taken for them. */
const mostGroups = 20_000;

type Staging = {
  /** Rows of the files before this one. */
  rowsBefore: number;
  knownGroup: (nameKey: string) => boolean;
  /** Collects every group that is named, and in how many rows. */
  named: Map<string, { name: string; rows: number }>;
  /** Throws to stop. Runs in the transaction of each batch. */
  beforeBatch: (ctx: Context) => Promise<void>;
};

/** Reads, checks and stages one file. Answers how many rows there are now; a problem of the whole file is noted with it. */
export async function stageFile(door: Door, place: Upload, staging: Staging): Promise<number> {
  try {
    const { recognised, mapping } = await recognise(door, place);
    return await stageRows(door, place, { ...staging, recognised, mapping });
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    await door.run(async (ctx) => {
      // Of a file that cannot be read to its end nothing is imported: its first rows are not left over.
      await removeRowsOfFile(ctx, place);
      await writeFile(ctx, place, { problem: error.message });
    });
    return staging.rowsBefore;
  }
}

async function recognise(door: Door, place: Upload) {
  const head = await headOf(readUpload(door, place));
  const result = recogniseFile(head);
  if (!result.ok) throw new UnreadableFileError(result.problem);
  const { recognised } = result;
  const { mapping, problems } = recogniseColumns(recognised.headers);
  await door.run((ctx) =>
    writeFile(ctx, place, {
      kind: mapping.kind,
      recognised: { ...pick(recognised), columns: describeColumns(mapping) },
      problem: problems.length > 0 ? problems.map((problem) => problem.message).join(" ") : null,
    }),
  );
  const [problem] = problems;
  if (problem)
    throw new UnreadableFileError({
      ...problem,
      message: problems.map(({ message }) => message).join(" "),
    } satisfies FileProblem);
  return { recognised, mapping };
}

const pick = ({ encoding, delimiter, headerRow }: Recognised) => ({ encoding, delimiter, headerRow });

async function headOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  for await (const chunk of chunks) return chunk.subarray(0, headBytes);
  return Buffer.alloc(0);
}

type Recognition = { recognised: Recognised; mapping: ColumnMapping };

async function stageRows(door: Door, place: Upload, staging: Staging & Recognition): Promise<number> {
  const { recognised, mapping, knownGroup, named } = staging;
  const limits = { rows: door.instance.config.importMaxRows - staging.rowsBefore };
  let rows = staging.rowsBefore;
  let batch: StagedRow[] = [];
  let bytes = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    const staged = batch;
    [batch, bytes] = [[], 0];
    rows += staged.length;
    await door.run(async (ctx) => {
      await staging.beforeBatch(ctx);
      await insertRows(ctx, place, staged);
      await writeImport(ctx, place.importId, { counts: { rows } });
    });
  };
  let turn = performance.now();
  for await (const row of readRows(readUpload(door, place), recognised, { limits })) {
    const checked = checkRow(row, mapping, knownGroup);
    noteGroups(named, checked);
    const next = stageRow(door, checked);
    bytes += sizeOf(next);
    batch.push(next);
    if (batch.length >= batchRows || bytes >= batchBytes) await flush();
    if (performance.now() - turn < turnMs) continue;
    await othersFirst();
    turn = performance.now();
  }
  await flush();
  return rows;
}

function noteGroups(named: Staging["named"], { groupNames }: CheckedRow) {
  for (const name of groupNames) {
    const key = groupNameKey(name);
    const seen = named.get(key);
    if (seen) seen.rows += 1;
    else named.set(key, { name, rows: 1 });
  }
  if (named.size > mostGroups) {
    throw new UnreadableFileError({
      code: "too_many_groups",
      message: `This file names more than ${mostGroups.toLocaleString("en")} different groups. Is the right column headed Groups?`,
    });
  }
}
