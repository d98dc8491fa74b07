import type { Context, Door } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { allGroupNames } from "../groups/store.ts";
import { findImportGroups } from "./find-import-groups.ts";
import { ImportFailure } from "./import-failure.ts";
import { planRows } from "./planning/plan-rows.ts";
import { readEdits } from "./planning/row-edits.ts";
import { stageFile } from "./stage-file.ts";
import { listFiles, readImport, wipeUpload, writeImport } from "./store.ts";
import { analyzeRows, type ImportGroup, insertImportGroups, removeRows } from "./store-rows.ts";
import { type Attempt, type Check, CheckStopped, whileWanted } from "./while-wanted.ts";

/** A check that died as often as this takes the server with it: it is not begun again. */
const mostAttempts = 3;

/**
 * Reads all files of an import and says of every row what would become of it, before anything is changed. Starts from the
 * beginning whenever it is run, so that a kill in the middle costs only time.
 */
export async function checkImport(door: Door, importId: string, stopped: () => boolean): Promise<void> {
  const attempt = await door.run((ctx) => countAttempt(ctx, importId));
  try {
    const check = { importId, attempt, stopped };
    await whileWanted(door, check, (signal) => readFiles(door, check, signal));
  } catch (error) {
    // It was stopped and did not die. If that cannot be noted it counts as dead, which is no more than one attempt.
    if (error instanceof CheckStopped)
      await door.run((ctx) => takeBackAttempt(ctx, { importId, attempt })).catch(() => {});
    throw error;
  }
}

async function readFiles(door: Door, check: Check, signal: AbortSignal) {
  const { importId } = check;
  const files = await door.run(async (ctx) => {
    await requireThis(ctx, check);
    await removeRows(ctx, importId);
    return listFiles(ctx, [importId]);
  });
  const known = await door.run(allGroupNames);
  const edits = await door.run((ctx) => readEdits(ctx, importId));
  const knownKeys = new Set(known.map((group) => group.name_key));
  const named = new Map<string, { name: string; rows: number }>();
  let rows = 0;
  for (const { file_no: fileNo, bytes, sha256, choice } of files) {
    const upload = { importId, fileNo, bytes, sha256 };
    rows = await stageFile(door, upload, {
      signal,
      choice,
      edits: edits.get(fileNo) ?? new Map(),
      rowsBefore: rows,
      knownGroup: (key) => knownKeys.has(key),
      named,
      beforeWrite: async (ctx) => {
        if (check.stopped()) throw new CheckStopped();
        await requireThis(ctx, check);
      },
    });
  }
  const groups = await findImportGroups(named, known);
  await refreshStatistics(door);
  await door.run((ctx) => decideRows(ctx, check, groups));
}

/** The plan: what becomes of every row that was read. */
async function decideRows(ctx: Context, check: Attempt, groups: readonly ImportGroup[]) {
  const found = await requireThis(ctx, check);
  await insertImportGroups(ctx, check.importId, groups);
  await planRows(ctx, found);
  await writeImport(ctx, check.importId, { state: "checked", checkAttempts: 0, trouble: null });
}

/**
 * In a transaction of its own, which holds nothing else: one check waits here for another's, and nobody may wait for both.
 * Without it everything is only slower.
 */
const refreshStatistics = (door: Door) =>
  door.run(analyzeRows).catch((error: unknown) => {
    door.log.info({ err: error }, "the statistics of imported rows were not refreshed");
  });

/** What went wrong is not the file's fault, and trying again would not help: say so instead of hanging. */
export async function failImport(ctx: Context, importId: string, problem: string) {
  const found = await readImport(ctx, importId, "lock");
  // Somebody has cancelled it meanwhile, or another worker has checked it.
  if (found?.state !== "checking") return;
  await noteFailed(ctx, importId, problem);
  await wipeUpload(ctx, importId);
}

export async function noteFailed(ctx: Context, importId: string, problem: string) {
  await writeImport(ctx, importId, { state: "failed", problem, finishedAt: ctx.now, trouble: null });
  await record(ctx, { action: "import.failed", target: { kind: "import", id: importId } });
}

/** Committed before anything is read: whoever dies reading leaves it behind. */
async function countAttempt(ctx: Context, importId: string): Promise<number> {
  const { check_attempts: before } = await requireChecking(ctx, importId);
  if (before >= mostAttempts) throw diedTooOften();
  await writeImport(ctx, importId, { checkAttempts: before + 1 });
  return before + 1;
}

async function takeBackAttempt(ctx: Context, { importId, attempt }: Attempt) {
  const found = await readImport(ctx, importId, "lock");
  if (found?.check_attempts === attempt) await writeImport(ctx, importId, { checkAttempts: attempt - 1 });
}

async function requireThis(ctx: Context, { importId, attempt }: Attempt) {
  const found = await requireChecking(ctx, importId);
  if (found.check_attempts !== attempt) throw new CheckStopped();
  return found;
}

async function requireChecking(ctx: Context, importId: string) {
  const found = await readImport(ctx, importId, "lock");
  if (found?.state !== "checking") throw new CheckStopped();
  return found;
}

const diedTooOften = () =>
  new ImportFailure(
    `Muster stopped ${mostAttempts} times while it read this import, so it does not try again. Nothing was imported. ` +
      "Split the file into several and choose them again. Whoever runs Muster finds the reason in its log.",
  );
