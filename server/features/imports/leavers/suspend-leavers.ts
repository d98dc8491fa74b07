import type { Context } from "#server/context.ts";
import { onBehalfOf } from "../../audit/on-behalf-of.ts";
import { lockForRemoval } from "../../users/lock-user.ts";
import { suspendUsers } from "../../users/suspend-users.ts";
import { dueLeavers, settleLeavers } from "./store-leavers.ts";

const most = 100;

/**
 * Suspends people missing from their source whose days of grace are over. Whoever was given a role meanwhile stays: nobody
 * meant them. Answers whether there may be more.
 */
export async function suspendLeavers(ctx: Context): Promise<boolean> {
  const due = await dueLeavers(ctx, most);
  if (due.length === 0) return false;
  const { users } = await lockForRemoval(
    ctx,
    due.map((leaver) => leaver.user_id),
  );
  const leaving = users.filter(({ role, status }) => role === "member" && status !== "suspended");
  const askedBy = new Map(due.toReversed().map((leaver) => [leaver.user_id, leaver.started_by]));
  for (const [userId, theirs] of Map.groupBy(leaving, ({ id }) => askedBy.get(id) ?? null))
    await suspendUsers(onBehalfOf(ctx, userId), theirs);
  // Whoever two imports would suspend is one of them's.
  const left = new Set(leaving.map(({ id }) => id));
  await settleLeavers(
    ctx,
    due.map((leaver) => ({ ...leaver, suspended: left.delete(leaver.user_id) })),
  );
  return due.length === most;
}
