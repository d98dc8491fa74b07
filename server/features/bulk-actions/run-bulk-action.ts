import type { Context, Door } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { holdUsers, lockOwners, lockUsers } from "../users/store.ts";
import { inverses } from "./can-undo.ts";
import { type ActingUser, type BulkWork, isOfGroups } from "./classify.ts";
import { perform } from "./perform.ts";
import { stillMay } from "./permission.ts";
import {
  type BulkRecord,
  type Counts,
  changedIn,
  insertOutcomes,
  type Outcome,
  type OutcomeOf,
  readAction,
  readBatch,
  writeAction,
} from "./store.ts";
import { type Classified, classifyPeople, suspendedAt } from "./store-people.ts";

/**
 * Goes through an action's people, batch after batch, or takes it back in the same way. A batch, its outcomes and the
 * place are one transaction under the action's lock: a kill continues and never repeats.
 */
export async function runBulkAction(door: Door, actionId: string, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    if (!(await door.run((ctx) => nextBatch(ctx, actionId)))) return;
  }
}

async function nextBatch(ctx: Context, actionId: string): Promise<boolean> {
  const found = await readAction(ctx, actionId, "lock");
  if (found?.state !== "running" && found?.state !== "undoing") return false;
  const work = workOf(found);
  const by = (found.state === "undoing" && found.undo_started_by) || found.started_by;
  const batch = await readBatch(ctx, found);
  if (!batch) return finish(ctx, found, by);
  await lockPeople(ctx, work, batch.user_ids);
  const actor = await stillMay(ctx, by, work.action);
  if (!actor) return giveUp(ctx, found);
  const acting = { ...ctx, actor: { kind: "user", mustChangePassword: false, ...actor } as const };
  const outcomes =
    found.state === "running"
      ? await doBatch(acting, work, { actor, userIds: batch.user_ids })
      : await undoBatch(acting, found, { work, actor, doneAt: batch.done_at ?? ctx.now });
  await insertOutcomes(ctx, found, outcomes);
  await writeAction(ctx, found.id, {
    nextBatch: found.next_batch + 1,
    counts: added(found.counts, outcomes),
  });
  return true;
}

const workOf = ({ action, group_ids, state }: BulkRecord): BulkWork => ({
  action: (state === "undoing" && inverses[action]) || action,
  groupIds: group_ids,
});

/** Owners before others, in one order everywhere; who is only put into a group need not be locked, just not be deleted. */
async function lockPeople(ctx: Context, work: BulkWork, userIds: readonly string[]) {
  if (isOfGroups(work)) return void (await holdUsers(ctx, userIds));
  await lockOwners(ctx);
  await lockUsers(ctx, userIds);
}

type Acting = { actor: ActingUser; userIds: readonly string[] };

async function doBatch(ctx: Context, work: BulkWork, { actor, userIds }: Acting): Promise<OutcomeOf[]> {
  const people = await classifyPeople(ctx, { work, actor, userIds });
  const changed = await perform(ctx, work, people.filter(isChanging));
  const touched = new Set([...changed.values()].flat());
  const there = new Set(people.map(({ id }) => id));
  return [
    ...[...changed].map(([about, ids]) => ({ outcome: "changed", about, userIds: ids }) as const),
    ...refusedOf(people, "refused"),
    { outcome: "refused", about: "gone", userIds: userIds.filter((id) => !there.has(id)) },
    {
      outcome: "unchanged",
      userIds: people.filter(({ id, reason }) => !reason && !touched.has(id)).map(({ id }) => id),
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

type Undoing = { work: BulkWork; actor: ActingUser; doneAt: Date };

/** Takes back what was done to exactly those who were changed, as far as they still are as the action left them. */
async function undoBatch(ctx: Context, found: BulkRecord, { work, actor, doneAt }: Undoing) {
  const changed = await changedIn(ctx, found.id, found.next_batch);
  const outcomes: OutcomeOf[] = [];
  const undone = new Set<string>();
  const all = new Set<string>();
  for (const [about, ids] of changed) {
    for (const id of ids) all.add(id);
    const one = isOfGroups(work) ? { ...work, groupIds: [about] } : work;
    const people = await classifyPeople(ctx, { work: one, actor, userIds: ids });
    const same = work.action === "reactivate" ? await suspendedAt(ctx, ids, doneAt) : undefined;
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
  ] satisfies OutcomeOf[];
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

/** Somebody who was put into three groups is one person who was changed. */
function added(counts: Counts, outcomes: readonly OutcomeOf[]): Counts {
  const after: Counts = { ...counts };
  const byOutcome = Map.groupBy(outcomes, ({ outcome }) => outcome);
  for (const [outcome, same] of byOutcome) {
    const people = new Set(same.flatMap(({ userIds }) => userIds)).size;
    if (people > 0) after[outcome as Outcome] = (after[outcome as Outcome] ?? 0) + people;
  }
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
