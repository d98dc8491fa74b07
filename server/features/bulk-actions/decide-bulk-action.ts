import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { cannotUndo, requireAllTheirs, whichCanUndo } from "./can-undo.ts";
import { isOfGroups } from "./classify.ts";
import { type startBulkAction as contract, inverses } from "./contract.ts";
import { requireMayDo, whoActs } from "./permission.ts";
import { planBulkAction } from "./plan.ts";
import { presentAction } from "./present-bulk-action.ts";
import { type BulkRecord, insertAction, readAction, writeAction } from "./store.ts";
import { wakeBulkActions } from "./wake-bulk-actions.ts";

/** People in a transaction, everything that is done to them or nothing: a second's work at most. */
const batchPeople = 5000;
const batchMembers = 10_000;

type Started = z.output<typeof contract.body>;

/** From here on a background job does what was looked at, to those who were looked at. Started twice it runs once. */
export async function startBulkAction(ctx: Context, { id, hash, confirmation, ...asked }: Started) {
  const actor = whoActs(ctx);
  const action = { id, action: asked.action, groupIds: [...new Set(asked.groupIds)], startedBy: actor.id };
  if (!(await insertAction(ctx, action))) return presentAction(ctx, id);
  const plan = await planBulkAction(ctx, asked, {
    actionId: id,
    size: isOfGroups(asked) ? batchMembers : batchPeople,
  });
  if (plan.hash !== hash) throw planChanged();
  if (plan.changed === 0) throw nothingToDo();
  const belt = plan.seatBelt;
  if (belt && confirmation?.trim() !== belt.phrase) throw confirmationNeeded(belt);
  await writeAction(ctx, id, { people: plan.people });
  await wakeBulkActions(ctx);
  await record(ctx, {
    action: "bulk_action.started",
    target: { kind: "bulk_action", id },
    details: { action: asked.action, people: plan.people },
  });
  return presentAction(ctx, id);
}

const planChanged = () =>
  new ProblemError(
    409,
    "bulk_action.plan_changed",
    "Somebody or something has changed since you looked. Look at it again. Nothing was done.",
  );

const nothingToDo = () =>
  new ProblemError(409, "bulk_action.nothing_to_do", "There is nobody for whom this would change anything.");

const confirmationNeeded = ({ reasons, phrase }: { reasons: readonly string[]; phrase: string }) =>
  new ProblemError(
    409,
    "bulk_action.confirmation_needed",
    `${reasons.join(" ")} If that is meant, confirm it by typing ${phrase}. Nothing was done.`,
    { fields: { confirmation: `Type ${phrase} to confirm.` } },
  );

/** Stops an action. The batch in hand is finished first; what is done stays. */
export async function cancelBulkAction(ctx: Context, id: string) {
  const found = await lockAction(ctx, id);
  requireMayDo(whoActs(ctx), found.action);
  if (found.state !== "running") {
    throw new ProblemError(
      409,
      "bulk_action.already_finished",
      "This is over already; there is nothing to cancel.",
    );
  }
  await writeAction(ctx, id, { state: "cancelled", finishedAt: ctx.now });
  await record(ctx, { action: "bulk_action.cancelled", target: { kind: "bulk_action", id } });
  return presentAction(ctx, id);
}

/**
 * Takes back what an action did. Pressed twice it is undone once; it goes on where it stopped because whoever began it might
 * not any more.
 */
export async function undoBulkAction(ctx: Context, id: string) {
  const actor = whoActs(ctx);
  const found = await lockAction(ctx, id);
  requireMayDo(actor, inverses[found.action] ?? found.action);
  if (found.state === "undoing") return presentAction(ctx, id);
  if (!(await whichCanUndo(ctx, [found])).has(id)) throw cannotUndo();
  await requireAllTheirs(ctx, id, actor);
  await writeAction(ctx, id, {
    state: "undoing",
    nextBatch: found.undo_started_by === null ? 1 : found.next_batch,
    undo: { by: actor.id, at: ctx.now },
    problem: "none",
  });
  await wakeBulkActions(ctx);
  await record(ctx, { action: "bulk_action.undo_started", target: { kind: "bulk_action", id } });
  return presentAction(ctx, id);
}

async function lockAction(ctx: Context, id: string): Promise<BulkRecord> {
  const found = await readAction(ctx, id, "lock");
  if (!found) throw notFound("bulk action");
  return found;
}
