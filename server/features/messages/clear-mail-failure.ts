import type { Context } from "#server/context.ts";
import { recordAll } from "../audit/record.ts";
import { lockUser } from "../users/lock-user.ts";
import { clearMailFailed } from "../users/store-mail-failure.ts";

/** Email goes to this person's address again, although one had come back from it. */
export async function clearMailFailure(ctx: Context, userId: string): Promise<void> {
  const user = await lockUser(ctx, userId);
  if (!user.mail_failed_at) return;
  await clearMailFailures(ctx, [userId]);
}

/** The same for people whom this transaction has locked. */
export async function clearMailFailures(ctx: Context, userIds: readonly string[]) {
  await clearMailFailed(ctx, userIds);
  await recordAll(
    ctx,
    userIds.map((id) => ({ action: "user.mail_failure_cleared", target: { kind: "user", id } })),
  );
}
