import type { Context, Door } from "#server/context.ts";
import { manageableRoles, type Role } from "#server/permissions.ts";
import { onBehalfOf } from "../../audit/on-behalf-of.ts";
import { record } from "../../audit/record.ts";
import { removeUntouchedGroups } from "../../groups/remove-untouched-groups.ts";
import { holdGroups } from "../../groups/store.ts";
import { addMemberships, membershipSource, removeMemberships } from "../../groups/store-memberships.ts";
import { whoIsBeingSentTo } from "../../mail/erase-messages.ts";
import { withdrawMessages } from "../../mail/withdraw-messages.ts";
import { isTenantActive } from "../../tenants/store.ts";
import { emailKey } from "../../users/email-address.ts";
import { eraseUsers } from "../../users/erase-users.ts";
import { nameKeys } from "../../users/person-name.ts";
import { reactivateUsers } from "../../users/reactivate-users.ts";
import { recordingChanges } from "../../users/recording-changes.ts";
import { stillHolds } from "../../users/still-holds.ts";
import {
  letNobodyHold,
  lockUserRows,
  lockUsers,
  type NewProfile,
  userRoles,
  writeProfiles,
} from "../../users/store.ts";
import { blankUndone } from "../held/store-held.ts";
import { suspendedLeavers, takeBackLeavers } from "../leavers/store-leavers.ts";
import type { RowLanguage } from "../reading/types.ts";
import { type Counts, type ImportRecord, readImport, writeImport } from "../store.ts";
import { countOutcomes } from "../store-rows.ts";
import { wakeImports } from "../wake-imports.ts";
import {
  countUndone,
  listMadeGroups,
  nextToUndo,
  nextUsers,
  settleUndone,
  type UndoRow,
} from "./store-undo.ts";

/** Rows, or leavers, in a transaction: all of it or none. */
const batchRows = 2000;
/**
 * Somebody to whom an email was being handed over, which mostly takes a moment, is looked at again when undoing has taken as
 * long again, but not sooner and not later than this.
 */
const soonestMs = 1_000;
const latestMs = 5_000;
const fromTheStart = { fileNo: 0, rowNo: 0 };

/**
 * Undoes what an import did, row after row. Each batch looks at its people anew, under their locks: who signed in or was
 * changed a moment ago stays. A row that is done says so, so that a kill continues and never repeats. Whoever is being sent
 * an email at that moment is left for later: when all others are done they are looked at again.
 */
export async function undoRows(door: Door, importId: string, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    if (!(await door.run((ctx) => undoBatch(ctx, importId)))) return;
  }
}

async function undoBatch(job: Context, importId: string): Promise<boolean> {
  const found = await readImport(job, importId, "lock");
  if (found?.state !== "undoing" || !(await isTenantActive(job))) return false;
  const roles = await stillManages(job, found.undo_started_by);
  if (!roles) return stop(job, found);
  const ctx = onBehalfOf(job, found.undo_started_by);
  const place = { after: [found.applied_file, found.applied_row] as const, most: batchRows };
  await letNobodyHold(ctx);
  await lockUsers(ctx, await nextUsers(ctx, importId, place));
  const next = await nextToUndo(ctx, importId, place);
  const last = next.at(-1);
  if (!last) {
    if (await letLeaversIn(ctx, importId)) return true;
    if (!(await comeBackLater(ctx, found))) await finish(ctx, found);
    return false;
  }
  if (await restoresAbove(ctx, next, roles)) return stop(job, found);
  const rows = await eraseMade(ctx, next);
  const restored = rows.filter(isRestored);
  const userIds = restored.flatMap((row) => row.user_id ?? []);
  await recordingChanges(ctx, { userIds, details: { importId } }, () => restore(ctx, restored));
  await settleUndone(
    ctx,
    importId,
    rows.map(({ file_no, row_no, action }) => ({
      file_no,
      row_no,
      kept: action === "erase" || action === "restore" ? null : action,
    })),
  );
  const position = { fileNo: last.file_no, rowNo: last.row_no };
  await writeImport(ctx, importId, { position, counts: moved(found, rows), trouble: null });
  return true;
}

/** Whom whoever began it may change as they are now; undefined where they may undo nothing any more. */
async function stillManages(job: Context, by: string | null): Promise<readonly Role[] | undefined> {
  // Whoever runs Muster by command.
  if (by === null) return manageableRoles("owner");
  const asking = await stillHolds(job, by, "imports.run");
  return asking && manageableRoles(asking.role);
}

const isRestored = ({ action }: UndoRow) => action === "restore" || action === "partly_changed";

/** Whom the import made and nobody has met since is a member; whom it changed may be anybody by now. */
async function restoresAbove(ctx: Context, rows: readonly UndoRow[], roles: readonly Role[]) {
  const ids = rows.filter(isRestored).flatMap((row) => row.user_id ?? []);
  const found = ids.length > 0 ? await userRoles(ctx, ids) : new Map<string, Role>();
  return [...found.values()].some((role) => !roles.includes(role));
}

/** What is undone stays so, and says nothing any more of whom it was about; somebody who may can go on. */
async function stop(job: Context, found: ImportRecord): Promise<false> {
  await blankUndone(job, found.id);
  const { erased, restored } = await countUndone(job, found.id);
  const counts: Counts = await countOutcomes(job, found.id);
  await writeImport(job, found.id, { state: "undo_stopped", counts, trouble: null });
  await record(job, {
    action: "import.undo_stopped",
    target: { kind: "import", id: found.id },
    details: { erased, restored, kept: counts.kept ?? 0 },
  });
  return false;
}

const why = "Withdrawn: the import was undone.";

/**
 * Erases whom the import made, and answers all rows that are done with that. What was not sent is taken back first: after that
 * nothing of theirs comes into a sender's hands, and what is in them is noted before its person is erased.
 */
async function eraseMade(ctx: Context, rows: readonly UndoRow[]): Promise<UndoRow[]> {
  const leaving = rows.flatMap(({ action, user_id }) => (action === "erase" && user_id ? user_id : []));
  if (leaving.length === 0) return [...rows];
  await withdrawMessages(ctx, leaving, { why });
  const waiting = new Set(await whoIsBeingSentTo(ctx, leaving));
  const done = rows.filter(({ user_id }) => user_id === null || !waiting.has(user_id));
  const erased = done.filter(({ action }) => action === "erase");
  await eraseUsers(
    ctx,
    erased.flatMap(({ user_id }) => user_id ?? []),
    { why, addresses: erased.map(({ email }) => emailKey(email)) },
  );
  return done;
}

/** Whether rows are left that had to wait: then they are looked at again in a moment, from the first. */
async function comeBackLater(ctx: Context, found: ImportRecord): Promise<boolean> {
  const [left] = await nextUsers(ctx, found.id, { after: [0, 0], most: 1 });
  if (!left) return false;
  const now = ctx.now.getTime();
  const taken = now - (found.undo_started_at?.getTime() ?? now);
  const retryAt = new Date(now + Math.min(Math.max(taken, soonestMs), latestMs));
  await writeImport(ctx, found.id, { position: fromTheStart, retryAt });
  await wakeImports(ctx, "apply", retryAt);
  return true;
}

/**
 * Old names and languages where they are still those of the import, old groups as far as they exist. Whoever was taken out of a group since
 * that it had put them into is not in it, and whoever was put back into one already is: of that nothing changes.
 */
async function restore(ctx: Context, rows: readonly UndoRow[]) {
  await writeProfiles(
    ctx,
    rows.flatMap((row) => oldProfile(row) ?? []),
  );
  const groupsOf = (which: "add" | "remove") =>
    rows.flatMap(({ user_id, plan }) =>
      user_id ? (plan?.[which] ?? []).map((groupId) => ({ userId: user_id, groupId })) : [],
    );
  await removeMemberships(ctx, membershipSource(groupsOf("add")));
  const taken = groupsOf("remove");
  const held = await holdGroups(ctx, [...new Set(taken.map((one) => one.groupId))]);
  await addMemberships(ctx, membershipSource(taken.filter((one) => held.has(one.groupId))));
}

function oldProfile({ user_id, first_name, last_name, language, plan }: UndoRow): NewProfile | undefined {
  if (!user_id || first_name === null || last_name === null || !plan) return undefined;
  const old = <T>(now: T, change: readonly [T, T] | undefined) =>
    change && change[1] === now ? change[0] : now;
  const [firstName, lastName] = [old(first_name, plan.firstName), old(last_name, plan.lastName)];
  const spoken = old<RowLanguage>(language ?? "", plan.language);
  if (firstName === first_name && lastName === last_name && spoken === (language ?? "")) return undefined;
  const names = { firstName, lastName, ...nameKeys(firstName, lastName) };
  return { id: user_id, ...names, language: spoken || null };
}

/**
 * Lets some of those in again whom the import suspended; whoever is in is none of them any more. Answers whether there may be
 * more. First nobody else is suspended on its account.
 */
async function letLeaversIn(ctx: Context, importId: string): Promise<boolean> {
  await takeBackLeavers(ctx, importId);
  const leavers = await suspendedLeavers(ctx, importId, batchRows);
  const locked = await lockUserRows(
    ctx,
    leavers.map(({ id }) => id),
  );
  const suspended = locked.filter(({ status, role }) => status === "suspended" && role === "member");
  await reactivateUsers(ctx, suspended, "as it waited");
  return leavers.length > 0;
}

async function finish(ctx: Context, found: ImportRecord) {
  const groups = await removeUntouchedGroups(ctx, await listMadeGroups(ctx, found.id));
  await blankUndone(ctx, found.id);
  const { erased, restored, emailed } = await countUndone(ctx, found.id);
  const counts: Counts = await countOutcomes(ctx, found.id);
  await writeImport(ctx, found.id, { state: "undone", counts, trouble: null });
  await wakeImports(ctx, "wipe");
  await record(ctx, {
    action: "import.undone",
    target: { kind: "import", id: found.id },
    details: { erased, emailed, restored, kept: counts.kept ?? 0, groups },
  });
}

/** The running totals after a batch; counted from the rows themselves again at the end. */
function moved({ counts }: ImportRecord, rows: readonly UndoRow[]): Counts {
  const after: Counts = { ...counts };
  const add = (outcome: string, more: number) => {
    after[outcome] = (after[outcome] ?? 0) + more;
  };
  for (const { action, outcome } of rows) {
    add(outcome, -1);
    add(action === "erase" || action === "restore" ? "undone" : "kept", 1);
  }
  return after;
}
