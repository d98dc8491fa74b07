import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { presentImport } from "./present-import.ts";
import { type ImportRecord, readImport, writeImport } from "./store.ts";

/** Chooses, before applying, whether groups that do not exist are created. */
export async function changeImport(ctx: Context, importId: string, createMissingGroups: boolean) {
  await lockChecked(ctx, importId);
  await writeImport(ctx, importId, { createMissingGroups });
  return presentImport(ctx, importId);
}

/** Import CSV: from here on a background job makes the users. Pressed twice it starts once. */
export async function startImport(ctx: Context, importId: string) {
  const found = await lockImport(ctx, importId);
  if (found.state === "applying") return presentImport(ctx, importId);
  requireChecked(found);
  const { ready = 0, unknown_group = 0 } = found.counts;
  const rows = ready + (found.create_missing_groups ? unknown_group : 0);
  if (rows === 0) {
    throw new ProblemError(
      409,
      "import.nothing_to_import",
      "No row can be imported. Mend the problems in the file and choose it again.",
    );
  }
  await writeImport(ctx, importId, { state: "applying", startedAt: ctx.now });
  await ctx.enqueue(
    "imports.apply",
    { tenantId: ctx.tenantId, importId },
    { key: `imports.apply:${importId}` },
  );
  await record(ctx, {
    action: "import.started",
    target: { kind: "import", id: importId },
    details: { rows },
  });
  return presentImport(ctx, importId);
}

/** Stops an import. The batch in hand is finished first; what is done stays and is listed. */
export async function cancelImport(ctx: Context, importId: string) {
  const found = await lockImport(ctx, importId);
  if (["finished", "cancelled", "failed"].includes(found.state)) {
    throw new ProblemError(
      409,
      "import.already_finished",
      "This import is over; there is nothing to cancel.",
    );
  }
  await writeImport(ctx, importId, { state: "cancelled", finishedAt: ctx.now });
  await ctx.enqueue(
    "imports.wipe",
    { tenantId: ctx.tenantId, importId },
    { key: `imports.wipe:${importId}` },
  );
  await record(ctx, { action: "import.cancelled", target: { kind: "import", id: importId } });
  return presentImport(ctx, importId);
}

async function lockChecked(ctx: Context, importId: string) {
  requireChecked(await lockImport(ctx, importId));
}

async function lockImport(ctx: Context, importId: string): Promise<ImportRecord> {
  const found = await readImport(ctx, importId, "lock");
  if (!found) throw notFound("import");
  return found;
}

function requireChecked(found: ImportRecord) {
  if (found.state === "checked") return;
  const detail =
    found.state === "checking" || found.state === "uploading"
      ? "The file is still being checked. Wait until that is done."
      : "This import has been applied or cancelled already. Choose the file again to import it anew.";
  throw new ProblemError(409, "import.not_checked", detail);
}
