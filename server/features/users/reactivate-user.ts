import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { readCredential } from "../credentials/store.ts";
import { addMessages } from "../mail/add-messages.ts";
import { latestMessages } from "../mail/store.ts";
import { invite } from "./invite.ts";
import { lockUser } from "./lock-user.ts";
import { readUser } from "./present-users.ts";
import { welcomeMessage } from "./resend-credentials.ts";
import { writeStatus } from "./store.ts";

/** Lets a suspended user in again. Whoever never got their first email (imported as suspended, or withdrawn) gets it now. */
export async function reactivateUser(ctx: Context, userId: string) {
  const user = await lockUser(ctx, userId);
  if (user.status !== "suspended") return readUser(ctx, userId);
  const credential = await readCredential(ctx, userId);
  await writeStatus(ctx, userId, credential ? "active" : "invited");
  await record(ctx, { action: "user.reactivated", target: { kind: "user", id: userId } });
  const told = (await latestMessages(ctx.tx, ctx.tenantId, [userId])).get(userId);
  if (user.last_sign_in_at === null && told?.state !== "accepted")
    await welcome(ctx, userId, Boolean(credential));
  return readUser(ctx, userId);
}

async function welcome(ctx: Context, userId: string, hasPassword: boolean) {
  if (hasPassword) {
    await addMessages(ctx, [await welcomeMessage(ctx, userId)]);
    return;
  }
  await invite(ctx, [userId]);
}
