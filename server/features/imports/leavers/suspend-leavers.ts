import type { Context } from "#server/context.ts";
import { readUserRow } from "../../users/store.ts";
import { suspendUser } from "../../users/suspend-user.ts";
import { dueLeavers, settleLeaver } from "./store-leavers.ts";

const most = 100;

/**
 * Suspends people missing from their source whose days of grace are over. Whoever was given a role meanwhile stays: nobody
 * meant them. Answers whether there may be more.
 */
export async function suspendLeavers(ctx: Context): Promise<boolean> {
  const due = await dueLeavers(ctx, most);
  for (const leaver of due) {
    const user = await readUserRow(ctx, leaver.user_id, "lock");
    const leaves = user?.role === "member" && user.status !== "suspended";
    if (leaves) await suspendUser(ctx, leaver.user_id);
    await settleLeaver(ctx, leaver, leaves);
  }
  return due.length === most;
}
