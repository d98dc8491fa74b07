import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { countMessagesOfImport } from "../mail/store.ts";
import { type Import, rowOutcome } from "./contract.ts";
import { mostShownGroups } from "./find-import-groups.ts";
import { type FileRecord, type ImportRecord, listFiles, readImport } from "./store.ts";
import { listUnknownGroups } from "./store-rows.ts";

export async function presentImport(ctx: Context, importId: string): Promise<Import> {
  const found = await readImport(ctx, importId);
  const [shown] = found ? await presentImports(ctx, [found]) : [];
  if (!found || !shown) throw notFound("import");
  return {
    ...shown,
    unknownGroups: found.state === "checking" ? [] : await listUnknownGroups(ctx, importId, mostShownGroups),
    messages: wasApplied(found) ? await countMessagesOfImport(ctx.tx, ctx.tenantId, importId) : null,
  };
}

/** Imports as a list shows them: without what has to be counted for each. */
export async function presentImports(ctx: Context, records: readonly ImportRecord[]): Promise<Import[]> {
  const ids = records.map((found) => found.id);
  const files = Map.groupBy(await listFiles(ctx, ids), (file) => file.import_id);
  const people = await namesOf(
    ctx,
    records.map((found) => found.created_by),
  );
  return records.map((found) => ({
    ...plainFields(found),
    createdBy: { id: found.created_by, name: people.get(found.created_by) ?? "" },
    files: (files.get(found.id) ?? []).map(presentFile),
    unknownGroups: [],
    messages: null,
  }));
}

const wasApplied = ({ state }: ImportRecord) => ["applying", "finished", "cancelled"].includes(state);

function plainFields(found: ImportRecord) {
  const { rows = 0, ...counts } = found.counts;
  const { ready = 0, unknown_group = 0, created = 0, invited = 0, suspended = 0, skipped = 0 } = counts;
  return {
    id: found.id,
    state: found.state,
    createMissingGroups: found.create_missing_groups,
    createdAt: found.created_at.toISOString(),
    startedAt: found.started_at?.toISOString() ?? null,
    finishedAt: found.finished_at?.toISOString() ?? null,
    counts: Object.fromEntries(
      rowOutcome.options.map((outcome) => [outcome, counts[outcome] ?? 0]),
    ) as Import["counts"],
    rows,
    toApply: ready + (found.create_missing_groups && found.state === "checked" ? unknown_group : 0),
    applied: created + invited + suspended + skipped,
    problem: found.problem,
  };
}

const presentFile = (file: FileRecord) => ({
  fileNo: file.file_no,
  name: file.name,
  bytes: file.bytes,
  sha256: file.sha256.toString("hex"),
  kind: file.kind,
  recognised: file.recognised,
  problem: file.problem,
});

async function namesOf({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.rows<{ id: string; name: string }>(
    "select id, first_name || ' ' || last_name as name from users where tenant_id = $1 and id = any($2)",
    [tenantId, userIds],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
