import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { lockUser } from "../users/lock-user.ts";
import { clearMailFailed } from "../users/store-mail-failure.ts";

/** Email goes to this person's address again, although one had come back from it. */
export async function clearMailFailure(ctx: Context, userId: string): Promise<void> {
  const user = await lockUser(ctx, userId);
  if (!user.mail_failed_at) return;
  await clearMailFailed(ctx, userId);
  await record(ctx, { action: "user.mail_failure_cleared", target: { kind: "user", id: userId } });
}
