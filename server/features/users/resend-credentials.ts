import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { readSealedPasswords } from "../credentials/read-sealed-passwords.ts";
import { type CredentialOf, lockedCredentials } from "../credentials/store.ts";
import { addMessages, type MailTime } from "../mail/add-messages.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { lockUser } from "./lock-user.ts";
import { readUser } from "./present-users.ts";
import { sendPasswordLinks } from "./send-password-links.ts";

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
  const credentials = await lockedCredentials(ctx, [userId]);
  await withdrawMessages(ctx, [userId], "keeping secrets");
  await sendWelcomes(ctx, [userId], { credentials });
  await record(ctx, { action: "user.credentials_resent", target: { kind: "user", id: userId } });
  return readUser(ctx, userId);
}

/**
 * The email that brings users who have a password to their first sign-in. Their credentials are locked: otherwise a hash may
 * be stored between the look and the message, which would wait for it for ever.
 */
export async function sendWelcomes(
  ctx: Context,
  userIds: readonly string[],
  { credentials, when = "now" }: { credentials: CredentialOf; when?: MailTime },
) {
  const sealed = await readSealedPasswords(ctx, userIds);
  const without = userIds.filter((userId) => !sealed.has(userId));
  if (without.length > 0) await sendPasswordLinks(ctx, without, when);
  await addMessages(
    ctx,
    userIds
      .filter((userId) => sealed.has(userId))
      .map((userId) => ({
        userId,
        kind: "user.created",
        when,
        dueAt: credentials.get(userId)?.password_hash ? ctx.now : "later",
      })),
  );
}
