import type { Context, Door } from "#server/context.ts";
import { onBehalfOf } from "../audit/on-behalf-of.ts";
import { record } from "../audit/record.ts";
import { membershipTaken } from "../groups/store-memberships.ts";
import { isTenantActive } from "../tenants/store.ts";
import { addressJustTaken } from "../users/deletion/restore-users.ts";
import { holdEverybody, letNobodyHold, lockOwners } from "../users/store.ts";
import { changeGroupsOfBatch } from "./change-groups-of-batch.ts";
import { type ActingUser, type BulkWork, isOfGroups } from "./classify.ts";
import { type BulkVerb, inverses } from "./contract.ts";
import { isChanging, refusedOf } from "./outcomes.ts";
import { perform } from "./perform.ts";
import { stillMay } from "./permission.ts";
import { restoreBatch } from "./restore-batch.ts";
import {
  type BulkRecord,
  type Counts,
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
import { classifyPeople, countAbove } from "./store-people.ts";
import { undoBatch } from "./undo-batch.ts";

/**
 * Goes through an action's people, batch after batch, or takes it back in the same way. A batch, its outcomes and the
 * place are one transaction under the action's lock: a kill continues and never repeats.
 */
export async function runBulkAction(door: Door, actionId: string, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    if (!(await oneBatch(door, actionId))) return;
  }
}

/** Where somebody else put one of the people into the group, or took their address, at that moment, a second look finds that. */
async function oneBatch(door: Door, actionId: string): Promise<boolean> {
  try {
    return await door.run((ctx) => nextBatch(ctx, actionId));
  } catch (error) {
    if (!membershipTaken(error) && !addressJustTaken(error)) throw error;
    return door.run((ctx) => nextBatch(ctx, actionId, "one by one"));
  }
}

async function nextBatch(ctx: Context, actionId: string, manner?: "one by one"): Promise<boolean> {
  const found = await readAction(ctx, actionId, "lock");
  if (found?.state !== "running" && found?.state !== "undoing") return false;
  if (!(await isTenantActive(ctx))) return false;
  const verb = (found.state === "undoing" && inverses[found.action]) || found.action;
  const by = (found.state === "undoing" && found.undo_started_by) || found.started_by;
  if (!(await hasBatch(ctx, found))) return finish(onBehalfOf(ctx, by), found);
  await lockBatch(ctx, found, verb);
  const actor = await stillMay(ctx, by, verb);
  if (!actor || (await mayNotUndo(ctx, found, actor))) return giveUp(ctx, found);
  const acting = { ...ctx, actor: { kind: "user", mustChangePassword: false, ...actor } as const };
  const counts = await settle(acting, found, { verb, actor, manner });
  await writeAction(ctx, found.id, { nextBatch: found.next_batch + 1, counts: sum(found.counts, counts) });
  return true;
}

/** Whoever undoes it may have less to say than when they began: who is above them waits for somebody who may. */
const mayNotUndo = async (ctx: Context, { id, state, next_batch: batchNo }: BulkRecord, actor: ActingUser) =>
  state === "undoing" && (await countAbove(ctx, { actionId: id, batchNo }, actor)) > 0;

type Doing = { verb: BulkVerb; actor: ActingUser; manner: "one by one" | undefined };

/** What becomes of a batch's people, done and written down. Answers how many had which outcome. */
async function settle(ctx: Context, found: BulkRecord, { verb, actor, manner }: Doing): Promise<Counts> {
  if (verb === "restore") return writeDown(ctx, found, await restoreBatch(ctx, found));
  const batch = { actionId: found.id, no: found.next_batch };
  const work: BulkWork = { action: verb, groupIds: found.group_ids, batch };
  if (found.state === "undoing") {
    return writeDown(ctx, found, await undoBatch(ctx, found, { work: { ...work, undoing: true }, actor }));
  }
  if (isOfGroups(work)) return changeGroupsOfBatch(ctx, found, { work, actor, manner });
  return writeDown(ctx, found, await doBatch(ctx, found, { work, actor }));
}

async function writeDown(ctx: Context, found: BulkRecord, outcomes: readonly OutcomeOf[]): Promise<Counts> {
  await insertOutcomes(ctx, found, outcomes);
  await markBatchDone(ctx, found);
  return countsOf(outcomes);
}

/** Owners before others, in one order everywhere; who is only put into a group need not be locked, just not be deleted. */
async function lockBatch(ctx: Context, found: BulkRecord, verb: BulkVerb) {
  if (isOfGroups({ action: verb })) return void (await holdEverybody(ctx));
  if (verb === "delete") await letNobodyHold(ctx);
  await lockOwners(ctx);
  await lockPeople(ctx, found);
}

type Work = { work: BulkWork; actor: ActingUser };

async function doBatch(ctx: Context, found: BulkRecord, { work, actor }: Work): Promise<OutcomeOf[]> {
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

async function finish(ctx: Context, found: BulkRecord) {
  const undoing = found.state === "undoing";
  await writeAction(ctx, found.id, { state: undoing ? "undone" : "finished", finishedAt: ctx.now });
  const { changed = 0, unchanged = 0, refused = 0, undone = 0, kept = 0 } = found.counts;
  await record(ctx, {
    action: undoing ? "bulk_action.undone" : "bulk_action.finished",
    target: { kind: "bulk_action", id: found.id },
    details: { action: found.action, ...(undoing ? { undone, kept } : { changed, unchanged, refused }) },
  });
  return false;
}

/** What is undone only in part can be undone further, by somebody who may. */
async function giveUp(ctx: Context, found: BulkRecord) {
  const undoing = found.state === "undoing";
  const problem = undoing
    ? "Undoing stopped: whoever began it may not change these people any more. Somebody who may can go on with it."
    : "Stopped: whoever started this may not do it any more. What was done before stays.";
  await writeAction(ctx, found.id, { state: "cancelled", finishedAt: ctx.now, problem });
  const action = undoing ? "bulk_action.undo_stopped" : "bulk_action.cancelled";
  await record(ctx, { action, target: { kind: "bulk_action", id: found.id } });
  return false;
}
