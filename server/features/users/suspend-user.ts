import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { revokeLinks } from "../credentials/links.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { lockUserForRemoval } from "./lock-user.ts";
import { readUser } from "./present-users.ts";
import { writeStatus } from "./store.ts";

/** Signed out everywhere, no sign-in, and what was not sent yet is withdrawn. */
export async function suspendUser(ctx: Context, userId: string) {
  const user = await lockUserForRemoval(ctx, userId);
  if (user.status !== "suspended") {
    await writeStatus(ctx, userId, "suspended");
    await withdrawMessages(ctx, [userId], "keeping secrets");
    await revokeLinks(ctx, ["reset", "set_password"], [userId]);
    await record(ctx, {
      action: "user.suspended",
      target: { kind: "user", id: userId },
      changes: { status: { before: user.status, after: "suspended" } },
    });
  }
  return readUser(ctx, userId);
}
