import type { Context, Door } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { membershipTaken } from "../groups/store.ts";
import { isTenantActive } from "../tenants/store.ts";
import { holdEverybody, letNobodyHold, lockOwners } from "../users/store.ts";
import { inverses } from "./can-undo.ts";
import { changeGroupsOfBatch } from "./change-groups-of-batch.ts";
import { type ActingUser, type BulkWork, isOfGroups } from "./classify.ts";
import { perform } from "./perform.ts";
import { stillMay } from "./permission.ts";
import {
  type BulkRecord,
  type Counts,
  changedIn,
  hasBatch,
  insertOutcomes,
  lockPeople,
  markBatchDone,
  type Outcome,
  type OutcomeOf,
  readAction,
  readBatch,
  writeAction,
} from "./store.ts";
import { type Classified, classifyPeople, sameStatusSince } from "./store-people.ts";

/**
 * Goes through an action's people, batch after batch, or takes it back in the same way. A batch, its outcomes and the
 * place are one transaction under the action's lock: a kill continues and never repeats.
 */
export async function runBulkAction(door: Door, actionId: string, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    if (!(await oneBatch(door, actionId))) return;
  }
}

/** Where somebody else put one of the people into the group at the same moment, a second look finds them there. */
async function oneBatch(door: Door, actionId: string): Promise<boolean> {
  try {
    return await door.run((ctx) => nextBatch(ctx, actionId));
  } catch (error) {
    if (!membershipTaken(error)) throw error;
    return door.run((ctx) => nextBatch(ctx, actionId, "one by one"));
  }
}

async function nextBatch(ctx: Context, actionId: string, manner?: "one by one"): Promise<boolean> {
  const found = await readAction(ctx, actionId, "lock");
  if (found?.state !== "running" && found?.state !== "undoing") return false;
  if (!(await isTenantActive(ctx))) return false;
  const work = workOf(found);
  const by = (found.state === "undoing" && found.undo_started_by) || found.started_by;
  if (!(await hasBatch(ctx, found))) return finish(ctx, found, by);
  await lockBatch(ctx, found, work);
  const actor = await stillMay(ctx, by, work.action);
  if (!actor) return giveUp(ctx, found);
  const acting = { ...ctx, actor: { kind: "user", mustChangePassword: false, ...actor } as const };
  const counts = await settle(acting, found, { work, actor, manner });
  await writeAction(ctx, found.id, { nextBatch: found.next_batch + 1, counts: sum(found.counts, counts) });
  return true;
}

/** What becomes of a batch's people, done and written down. Answers how many had which outcome. */
async function settle(ctx: Context, found: BulkRecord, doing: Doing): Promise<Counts> {
  if (found.state === "running" && isOfGroups(doing.work)) return changeGroupsOfBatch(ctx, found, doing);
  const outcomes = await (found.state === "running" ? doBatch : undoBatch)(ctx, found, doing);
  await insertOutcomes(ctx, found, outcomes);
  await markBatchDone(ctx, found);
  return countsOf(outcomes);
}

type Doing = { work: BulkWork; actor: ActingUser; manner: "one by one" | undefined };

const workOf = ({ action, group_ids, state }: BulkRecord): BulkWork => ({
  action: (state === "undoing" && inverses[action]) || action,
  groupIds: group_ids,
});

/** Owners before others, in one order everywhere; who is only put into a group need not be locked, just not be deleted. */
async function lockBatch(ctx: Context, found: BulkRecord, work: BulkWork) {
  if (isOfGroups(work)) return void (await holdEverybody(ctx));
  if (work.action === "delete") await letNobodyHold(ctx);
  await lockOwners(ctx);
  await lockPeople(ctx, found);
}

async function doBatch(ctx: Context, found: BulkRecord, { work, actor }: Doing): Promise<OutcomeOf[]> {
  const { user_ids: userIds } = await readBatch(ctx, found);
  const people = await classifyPeople(ctx, { work, actor, userIds });
  const changing = people.filter(isChanging);
  await perform(ctx, work, changing);
  const there = new Set(people.map(({ id }) => id));
  return [
    { outcome: "changed", userIds: changing.map(({ id }) => id) },
    ...refusedOf(people, "refused"),
    { outcome: "refused", about: "gone", userIds: userIds.filter((id) => !there.has(id)) },
    {
      outcome: "unchanged",
      userIds: people.filter(({ reason, unchanged }) => !reason && unchanged).map(({ id }) => id),
    },
  ];
}

const isChanging = ({ reason, unchanged }: Classified) => !reason && !unchanged;

function refusedOf(people: readonly Classified[], outcome: "refused" | "kept"): OutcomeOf[] {
  const byReason = Map.groupBy(people, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, refused]) =>
    reason ? [{ outcome, about: reason, userIds: refused.map(({ id }) => id) }] : [],
  );
}

/** Takes back what was done to exactly those who were changed, as far as they still are as the action left them. */
async function undoBatch(ctx: Context, found: BulkRecord, { work, actor }: Doing): Promise<OutcomeOf[]> {
  const { done_at } = await readBatch(ctx, found);
  const changed = await changedIn(ctx, found.id, found.next_batch);
  const outcomes: OutcomeOf[] = [];
  const undone = new Set<string>();
  const all = new Set<string>();
  for (const [about, ids] of changed) {
    for (const id of ids) all.add(id);
    const one = isOfGroups(work) ? { ...work, groupIds: [about] } : work;
    const people = await classifyPeople(ctx, { work: one, actor, userIds: ids });
    const same = isOfGroups(work) ? undefined : await sameStatusSince(ctx, ids, done_at);
    const left = people.filter((person) => isChanging(person) && (same?.has(person.id) ?? true));
    for (const id of [...(await perform(ctx, one, left)).values()].flat()) undone.add(id);
    outcomes.push(...refusedOf(people, "kept"));
  }
  const refused = new Set(outcomes.flatMap(({ userIds }) => userIds));
  const others = [...all].filter((id) => !undone.has(id) && !refused.has(id));
  return [
    ...merged(outcomes),
    { outcome: "undone", userIds: [...undone] },
    { outcome: "kept", about: "changed_since", userIds: others },
  ];
}

/** One list for each reason: somebody may have been refused for several groups. */
function merged(outcomes: readonly OutcomeOf[]): OutcomeOf[] {
  const byReason = Map.groupBy(outcomes, ({ about }) => about ?? "");
  return [...byReason].map(([about, same]) => ({
    outcome: "kept",
    about,
    userIds: [...new Set(same.flatMap(({ userIds }) => userIds))],
  }));
}

/** Somebody who was taken out of three groups again is one person. */
function countsOf(outcomes: readonly OutcomeOf[]): Counts {
  const byOutcome = Map.groupBy(outcomes, ({ outcome }) => outcome);
  return Object.fromEntries(
    [...byOutcome].map(([outcome, same]) => [outcome, new Set(same.flatMap(({ userIds }) => userIds)).size]),
  );
}

function sum(counts: Counts, more: Counts): Counts {
  const after: Counts = { ...counts };
  for (const [outcome, people] of Object.entries(more) as [Outcome, number][])
    after[outcome] = (after[outcome] ?? 0) + people;
  return after;
}

async function finish(ctx: Context, found: BulkRecord, by: string) {
  const undoing = found.state === "undoing";
  await writeAction(ctx, found.id, { state: undoing ? "undone" : "finished", finishedAt: ctx.now });
  const { changed = 0, unchanged = 0, refused = 0, undone = 0, kept = 0 } = found.counts;
  await record(ctx, {
    action: undoing ? "bulk_action.undone" : "bulk_action.finished",
    target: { kind: "bulk_action", id: found.id },
    details: { action: found.action, by, ...(undoing ? { undone, kept } : { changed, unchanged, refused }) },
  });
  return false;
}

async function giveUp(ctx: Context, found: BulkRecord) {
  const problem = "Stopped: whoever started this may not do it any more. What was done before stays.";
  await writeAction(ctx, found.id, { state: "cancelled", finishedAt: ctx.now, problem });
  await record(ctx, { action: "bulk_action.cancelled", target: { kind: "bulk_action", id: found.id } });
  return false;
}
