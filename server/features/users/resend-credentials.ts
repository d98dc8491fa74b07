import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { readSealedPasswords } from "../credentials/read-sealed-passwords.ts";
import { type Credential, readCredential } from "../credentials/store.ts";
import { addMessages } from "../mail/add-messages.ts";
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
  const credential = await readCredential(ctx, userId, "lock");
  await withdrawMessages(ctx, [userId], "keeping secrets");
  await sendWelcome(ctx, userId, credential);
  await record(ctx, { action: "user.credentials_resent", target: { kind: "user", id: userId } });
  return readUser(ctx, userId);
}

/**
 * The email that brings a user who has a password to their first sign-in. `credential` is locked: otherwise the hash may be
 * stored between the look and the message, which would wait for it for ever.
 */
export async function sendWelcome(ctx: Context, userId: string, credential: Credential | undefined) {
  const sealed = await readSealedPasswords(ctx, [userId]);
  if (!sealed.has(userId)) return sendPasswordLinks(ctx, [userId]);
  const dueAt = credential?.password_hash ? ctx.now : "later";
  await addMessages(ctx, [{ userId, kind: "user.created", dueAt }]);
}
