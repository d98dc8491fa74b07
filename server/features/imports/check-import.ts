import type { Context, Door } from "#server/context.ts";
import { allGroupNames } from "../groups/store.ts";
import { findImportGroups } from "./find-import-groups.ts";
import { stageFile } from "./stage-file.ts";
import { listFiles, readImport, wipeUpload, writeImport } from "./store.ts";
import {
  countOutcomes,
  insertImportGroups,
  markDuplicates,
  markExisting,
  removeRows,
  resolveGroups,
} from "./store-rows.ts";

/** Somebody cancelled the import, or the server is stopping: leave it as it is. */
export class CheckStopped extends Error {
  override name = "CheckStopped";
}

/**
 * Reads all files of an import and says of every row what would become of it, before anything is changed. Starts from the
 * beginning whenever it is run, so that a kill in the middle costs only time.
 */
export async function checkImport(door: Door, importId: string, stopped: () => boolean): Promise<void> {
  const files = await door.run(async (ctx) => {
    await requireChecking(ctx, importId);
    await removeRows(ctx, importId);
    return listFiles(ctx, [importId]);
  });
  const known = await door.run(allGroupNames);
  const knownKeys = new Set(known.map((group) => group.name_key));
  const named = new Map<string, { name: string; rows: number }>();
  let rows = 0;
  for (const file of files) {
    rows = await stageFile(
      door,
      { importId, fileNo: file.file_no },
      {
        rowsBefore: rows,
        knownGroup: (key) => knownKeys.has(key),
        named,
        beforeBatch: async (ctx) => {
          if (stopped()) throw new CheckStopped();
          await requireChecking(ctx, importId);
        },
      },
    );
  }
  await door.run(async (ctx) => {
    await requireChecking(ctx, importId);
    await ctx.tx.run("select app.analyze_import_rows()");
    await insertImportGroups(ctx, importId, findImportGroups(named, known));
    await markDuplicates(ctx, importId);
    await markExisting(ctx, importId);
    await resolveGroups(ctx, importId);
    await writeImport(ctx, importId, { state: "checked", counts: await countOutcomes(ctx, importId) });
  });
}

/** What went wrong is not the file's fault, and trying again would not help: say so instead of hanging. */
export async function failImport(ctx: Context, importId: string, problem: string) {
  await writeImport(ctx, importId, { state: "failed", problem, finishedAt: ctx.now });
  await wipeUpload(ctx, importId);
}

async function requireChecking(ctx: Context, importId: string) {
  const found = await readImport(ctx, importId, "lock");
  if (found?.state !== "checking") throw new CheckStopped();
}
