import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { lockUser } from "../users/lock-user.ts";
import { writeMailFailure } from "../users/store-mail-failure.ts";

/** Email goes to this person's address again, although one had come back from it. */
export async function clearMailFailure(ctx: Context, userId: string): Promise<void> {
  const user = await lockUser(ctx, userId);
  if (!user.mail_failed_at) return;
  await writeMailFailure(ctx, userId, null);
  await record(ctx, { action: "user.mail_failure_cleared", target: { kind: "user", id: userId } });
}
