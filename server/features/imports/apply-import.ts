import type { Context, Door } from "#server/context.ts";
import { manageableRoles, type Role } from "#server/permissions.ts";
import { joiningWhole } from "#server/platform/db/joining-whole.ts";
import { onBehalfOf } from "../audit/on-behalf-of.ts";
import { record } from "../audit/record.ts";
import { createMissingGroups } from "../groups/create-missing-groups.ts";
import { holdGroups } from "../groups/store.ts";
import type { MailTime } from "../mail/add-messages.ts";
import { isTenantActive } from "../tenants/store.ts";
import { type AddedUsers, addUsers } from "../users/add-users.ts";
import { changePeople } from "../users/change-people.ts";
import { stillHolds } from "../users/still-holds.ts";
import { endEarly } from "./decide-import.ts";
import { startGrace } from "./leavers/store-leavers.ts";
import { tellWhoImported } from "./mail.ts";
import { rememberMappings } from "./map-file.ts";
import { planReadyRows, planRows, rulesOf } from "./planning/plan-rows.ts";
import {
  findGroups,
  isPlanStale,
  listUnknownGroups,
  noteMadeGroups,
  takeUpWaitingChanges,
} from "./planning/store-plan.ts";
import { refreshStatistics } from "./refresh-statistics.ts";
import { type Counts, type ImportRecord, readImport, wipeUpload, writeImport } from "./store.ts";
import {
  changingRows,
  incomingRows,
  namedGroups,
  nextRange,
  type RowRange,
  refuseVanishedGroups,
  settleChanges,
  settleRows,
} from "./store-apply.ts";
import { countOutcomes } from "./store-rows.ts";

/** Rows in a transaction: people, groups, passwords or invitations, emails and outcomes, all or none. */
const batchRows = 5000;

/**
 * Makes the users of all rows that are ready. Where it stands is in the database, moved by the transaction that does the
 * work, under the import's lock: a kill continues and never repeats, and two workers at once take turns.
 */
export async function applyImport(door: Door, importId: string, stopped: () => boolean): Promise<void> {
  if (!(await door.run((ctx) => beginApply(ctx, importId)))) return;
  while (!stopped() && (await door.run((ctx) => applyBatch(ctx, importId))));
}

/** The beginning is done, no row yet: rows are counted from 1. */
const begun = { fileNo: 1, rowNo: 0 };

/**
 * Makes sure that the plan still is what was looked at, and makes the missing groups where that was chosen. Once only: the
 * second time it would make those that somebody deleted meanwhile.
 */
async function beginApply(ctx: Context, importId: string): Promise<boolean> {
  const found = await readImport(ctx, importId, "lock");
  if (found?.state !== "applying") return false;
  if (found.applied_file > 0) return true;
  const rules = await rulesOf(ctx, found);
  if ((await isPlanStale(ctx, importId, rules)) && (await hasDrifted(ctx, found))) return false;
  if (found.create_missing_groups) {
    const unknown = await listUnknownGroups(ctx, importId, null);
    const made = await createMissingGroups(
      onBehalfOf(ctx, found.started_by),
      unknown.map((group) => group.name),
    );
    await findGroups(ctx, importId);
    // Whoever is a user already waited as a change, which is only now known in full.
    if ((await takeUpWaitingChanges(ctx, importId)) > 0)
      await joiningWhole(ctx.tx, () => planReadyRows(ctx, found, rules));
    await noteMadeGroups(ctx, importId, made);
  }
  const counts = await countOutcomes(ctx, importId);
  await writeImport(ctx, importId, { position: begun, counts, trouble: null });
  return true;
}

/** The tenant has changed since somebody looked at the plan: it is made anew and, where it differs, looked at again first. */
async function hasDrifted(ctx: Context, found: ImportRecord): Promise<boolean> {
  await planRows(ctx, found);
  const now = await readImport(ctx, found.id);
  if (now?.plan?.rows === found.plan?.rows && now?.plan?.groups === found.plan?.groups) return false;
  const drift = { before: found.counts, after: now?.counts ?? {} };
  await writeImport(ctx, found.id, { state: "checked", drift, trouble: null });
  await record(ctx, { action: "import.plan_changed", target: { kind: "import", id: found.id } });
  return true;
}

/** Answers whether there may be more to do. */
async function applyBatch(ctx: Context, importId: string): Promise<boolean> {
  const found = await readImport(ctx, importId, "lock");
  if (found?.state !== "applying" || !(await isTenantActive(ctx))) return false;
  const range = await nextRange(ctx, found, batchRows);
  if (!range) {
    await finish(onBehalfOf(ctx, found.started_by), found);
    return false;
  }
  const roles = await stillManages(ctx, found);
  if (roles) await applyRange(onBehalfOf(ctx, found.started_by), found, { range, roles });
  else await endEarly(ctx, found, mayNoMore);
  return roles !== undefined;
}

async function applyRange(
  ctx: Context,
  found: ImportRecord,
  { range, roles }: { range: RowRange; roles: readonly Role[] },
) {
  const { id: importId } = found;
  const groups = await holdOrRefuseGroups(ctx, range);
  const added = range.ready > 0 ? await addUsers(ctx, incomingRows(range, groups, mailTime(found))) : nobody;
  if (range.ready > 0) await settleRows(ctx, range, added.left);
  const changes = { ...changingRows(range), roles };
  const changed = range.update > 0 ? await changePeople(ctx, changes, { importId }) : [];
  if (range.update > 0) await settleChanges(ctx, range, changed);
  await writeImport(ctx, importId, {
    position: range.to,
    trouble: null,
    counts: moved(found, range, { ...added, changed: changed.length }),
  });
}

const mayNoMore =
  "Stopped: whoever started this import may not import any more. What was imported until then stays, and can be undone.";

/** Whom whoever pressed Import CSV may change as they are now; undefined where they may import nobody any more. */
async function stillManages(
  ctx: Context,
  { started_by: by }: ImportRecord,
): Promise<readonly Role[] | undefined> {
  // Whoever runs Muster by command.
  if (by === null) return manageableRoles("administrator");
  const asking = await stillHolds(ctx, by, "imports.run");
  return asking && manageableRoles(asking.role);
}

const nobody: AddedUsers = { created: 0, invited: 0, suspended: 0, left: [] };

const mailTime = ({ mail, mail_at }: ImportRecord): MailTime =>
  mail === "hold" ? "held" : mail === "schedule" && mail_at ? mail_at : "now";

/** A group may have been deleted since the check: then the rows that name it are left out and say so. */
async function holdOrRefuseGroups(ctx: Context, range: RowRange) {
  const named = await namedGroups(ctx, range.importId);
  const ids = [...new Set(named.values())];
  const held = await holdGroups(ctx, ids);
  const vanished = ids.filter((id) => !held.has(id));
  if (vanished.length > 0) await refuseVanishedGroups(ctx, range, vanished);
  return named;
}

async function finish(ctx: Context, found: ImportRecord) {
  const counts = await countOutcomes(ctx, found.id);
  await writeImport(ctx, found.id, { state: "finished", finishedAt: ctx.now, counts, trouble: null });
  await rememberMappings(ctx, found.id);
  await startGrace(ctx, found);
  const atOnce = found.source !== null && found.leavers_grace_days === 0;
  if (atOnce) await ctx.enqueue("imports.sweep", {}, { key: "imports.sweep" });
  await wipeUpload(ctx, found.id);
  await tellWhoImported(ctx, found);
  await refreshStatistics(ctx, counts);
  const { created = 0, invited = 0, suspended = 0, updated = 0, skipped = 0, conflict = 0 } = counts;
  await record(ctx, {
    action: "import.finished",
    target: { kind: "import", id: found.id },
    details: { created, invited, suspended, updated, skipped, conflict },
  });
}

type Done = AddedUsers & { changed: number };

/** The running totals after a batch; counted from the rows themselves again at the end. */
function moved(
  { counts }: ImportRecord,
  range: RowRange,
  { created, invited, suspended, changed }: Done,
): Counts {
  const plus = (outcome: string, more: number) => ({ [outcome]: (counts[outcome] ?? 0) + more });
  const made = created + invited + suspended;
  return {
    ...counts,
    ...plus("ready", -range.taken.ready),
    ...plus("unknown_group", -range.taken.unknown_group),
    ...plus("update", -range.taken.update),
    ...plus("created", created),
    ...plus("invited", invited),
    ...plus("suspended", suspended),
    ...plus("skipped", range.ready - made),
    ...plus("updated", changed),
    ...plus("conflict", range.update - changed + range.vanished),
  };
}
