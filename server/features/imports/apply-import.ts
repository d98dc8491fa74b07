import type { Context, Door } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { createMissingGroups } from "../groups/create-missing-groups.ts";
import { holdGroups } from "../groups/store.ts";
import { type AddedUsers, addUsers } from "../users/add-users.ts";
import { type Counts, type ImportRecord, readImport, wipeUpload, writeImport } from "./store.ts";
import {
  incomingRows,
  namedGroups,
  nextRange,
  type RowRange,
  refuseVanishedGroups,
  settleRows,
} from "./store-apply.ts";
import { countOutcomes, countWaitingRows, listUnknownGroups, resolveGroups } from "./store-rows.ts";

/** Rows in a transaction: people, groups, passwords or invitations, emails and outcomes, all or none. */
const batchRows = 5000;

/**
 * Makes the users of all rows that are ready. Where it stands is in the database, moved by the transaction that does the
 * work, under the import's lock: a kill continues and never repeats, and two workers at once take turns.
 */
export async function applyImport(door: Door, importId: string, stopped: () => boolean): Promise<void> {
  if (!(await door.run((ctx) => beginApply(ctx, importId)))) return;
  while (!stopped()) {
    if (!(await door.run((ctx) => applyBatch(ctx, importId)))) return;
  }
}

/** The beginning is done, no row yet: rows are counted from 1. */
const begun = { fileNo: 1, rowNo: 0 };

/**
 * Creates missing groups where that was chosen, and looks once more which group each name stands for. Once only: the second
 * time it would create those that somebody deleted meanwhile.
 */
async function beginApply(ctx: Context, importId: string): Promise<boolean> {
  const found = await readImport(ctx, importId, "lock");
  if (found?.state !== "applying") return false;
  if (found.applied_file > 0) return true;
  if (found.create_missing_groups) {
    const unknown = await listUnknownGroups(ctx, importId, null);
    await createMissingGroups(
      ctx,
      unknown.map((group) => group.name),
    );
  }
  await resolveGroups(ctx, importId, found.create_missing_groups ? "go on" : "stay");
  await countWaitingRows(ctx, importId);
  await writeImport(ctx, importId, { position: begun, counts: await countOutcomes(ctx, importId) });
  return true;
}

async function applyBatch(ctx: Context, importId: string): Promise<boolean> {
  const found = await readImport(ctx, importId, "lock");
  if (found?.state !== "applying") return false;
  const range = await nextRange(ctx, found, batchRows);
  if (!range) {
    await finish(ctx, found);
    return false;
  }
  await holdOrRefuseGroups(ctx, range);
  const added = await addUsers(ctx, incomingRows(range));
  await settleRows(ctx, range, added);
  await writeImport(ctx, importId, { position: range.to, counts: moved(found, range, added) });
  return true;
}

/** A group may have been deleted since the check: then the rows that name it are left out and say so. */
async function holdOrRefuseGroups(ctx: Context, range: RowRange) {
  const named = await namedGroups(ctx, range.importId);
  const held = await holdGroups(ctx, named);
  const vanished = named.filter((id) => !held.has(id));
  if (vanished.length > 0) await refuseVanishedGroups(ctx, range, vanished);
}

async function finish(ctx: Context, found: ImportRecord) {
  const counts = await countOutcomes(ctx, found.id);
  await writeImport(ctx, found.id, { state: "finished", finishedAt: ctx.now, counts });
  await wipeUpload(ctx, found.id);
  const { created = 0, invited = 0, suspended = 0, skipped = 0 } = counts as Counts;
  await record(ctx, {
    action: "import.finished",
    target: { kind: "import", id: found.id },
    details: { created, invited, suspended, skipped },
  });
}

/** The running totals after a batch; counted from the rows themselves again at the end. */
function moved({ counts }: ImportRecord, range: RowRange, added: AddedUsers): Counts {
  const plus = (outcome: string, more: number) => ({ [outcome]: (counts[outcome] ?? 0) + more });
  const made = added.created.length + added.invited.length + added.suspended.length;
  return {
    ...counts,
    ...plus("ready", -range.ready),
    ...plus("created", added.created.length),
    ...plus("invited", added.invited.length),
    ...plus("suspended", added.suspended.length),
    ...plus("skipped", range.ready - made),
  };
}
