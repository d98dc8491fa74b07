import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { ActingUser } from "./classify.ts";
import { inverses } from "./contract.ts";
import type { BulkRecord } from "./store.ts";
import { actionsWithDeleted, countAbove } from "./store-people.ts";

/** Which of these can be taken back now, by id. A deletion can as long as anybody it deleted is not erased. */
export async function whichCanUndo(ctx: Context, records: readonly BulkRecord[]): Promise<Set<string>> {
  const over = records.filter(isOver);
  const deletions = over.filter(isDeletion).map(({ id }) => id);
  const restorable = await actionsWithDeleted(ctx, deletions);
  return new Set(over.filter((found) => !isDeletion(found) || restorable.has(found.id)).map(({ id }) => id));
}

const isDeletion = ({ action }: BulkRecord) => action === "delete";

const isOver = ({ action, state, counts, undo_started_by }: BulkRecord) =>
  action in inverses &&
  (state === "finished" || state === "cancelled") &&
  // Undoing began and stopped half-way: it can go on.
  (undo_started_by === null || state === "cancelled") &&
  (counts.changed ?? 0) > 0;

export const cannotUndo = () =>
  new ProblemError(
    409,
    "bulk_action.cannot_undo",
    "There is nothing here to undo: it is still running, changed nobody, was undone already, or cannot be taken back (any more).",
  );

/** There is one undo: it is not used up by somebody who may change only some of the people. */
export async function requireAllTheirs(ctx: Context, actionId: string, actor: ActingUser) {
  const above = await countAbove(ctx, { actionId }, actor);
  if (above === 0) return;
  throw new ProblemError(
    403,
    "bulk_action.not_yours_to_undo",
    `${above === 1 ? "One" : above.toLocaleString("en")} of those whom this changed may do more than you may. Somebody who may change all of them can undo it. Nothing was done.`,
  );
}
