import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { makeLinks } from "../credentials/links.ts";
import { readCredential, readSealedPasswords } from "../credentials/store.ts";
import { daysAfter, validity } from "../credentials/validity.ts";
import { addMessages } from "../mail/add-messages.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { lockUser } from "./lock-user.ts";
import { readUser } from "./present-users.ts";

/** Sends a created user their email again. A password that is gone is not sent again: a link to set one is. */
export async function resendCredentials(ctx: Context, userId: string) {
  const user = await lockUser(ctx, userId);
  if (user.status !== "active") {
    throw new ProblemError(
      409,
      "user.suspended",
      "Only someone who is active can be sent their credentials. Reactivate them, or resend their invitation.",
    );
  }
  const message = await welcomeMessage(ctx, userId);
  await withdrawMessages(ctx, [userId], "keeping secrets");
  await addMessages(ctx, [message]);
  await record(ctx, { action: "user.credentials_resent", target: { kind: "user", id: userId } });
  return readUser(ctx, userId);
}

/** The email that brings a user who has a password to their first sign-in. */
export async function welcomeMessage(ctx: Context, userId: string) {
  const sealed = await readSealedPasswords(ctx, [userId]);
  if (!sealed.has(userId)) {
    await makeLinks(ctx, "set_password", {
      userIds: [userId],
      expiresAt: daysAfter(ctx.now, validity.atMostDays),
    });
    return { userId, kind: "user.set_password" };
  }
  const credential = await readCredential(ctx, userId);
  return { userId, kind: "user.created", ...(!credential?.password_hash && { dueAt: "later" as const }) };
}
