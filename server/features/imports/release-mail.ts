import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { restartInvitations } from "../credentials/links.ts";
import { restartTemporaryPasswords } from "../credentials/store.ts";
import { wakeSender } from "../mail/add-messages.ts";
import { releaseHeld } from "../mail/store.ts";
import { invite } from "../users/invite.ts";
import { sendPasswordLinks } from "../users/send-password-links.ts";
import { lockImport } from "./decide-import.ts";
import { presentImport } from "./present-import.ts";
import { failedRecipients, heldRecipients } from "./store-mail.ts";

/** Sends what an import held back, to everybody or first to the people of one group. Invitations are good from now on. */
export async function releaseMail(ctx: Context, importId: string, groupId: string | undefined) {
  await lockAtRest(ctx, importId);
  const userIds = await heldRecipients(ctx, importId, groupId ?? null);
  if (userIds.length > 0) {
    // Credentials before messages before links: in this order everywhere.
    await restartTemporaryPasswords(ctx, userIds);
    await releaseHeld(ctx.tx, { ...ctx, userIds });
    await restartInvitations(ctx, userIds);
    await wakeSender(ctx);
    await record(ctx, {
      action: "import.mail_released",
      target: { kind: "import", id: importId },
      details: { emails: userIds.length },
    });
  }
  return { released: userIds.length, import: await presentImport(ctx, importId) };
}

/** Whom undoing is about to erase gets no email a moment before. */
async function lockAtRest(ctx: Context, importId: string) {
  const { state } = await lockImport(ctx, importId);
  if (state !== "undoing") return;
  throw new ProblemError(
    409,
    "import.being_undone",
    "This import is being undone. Wait until that is done; then the emails of the people it kept can be sent.",
  );
}

/** Writes anew to those whose email was given up: a new invitation, or a link to set a password. */
export async function retryMail(ctx: Context, importId: string) {
  await lockAtRest(ctx, importId);
  const failed = await failedRecipients(ctx, importId);
  const invited = failed.filter((one) => one.status === "invited").map((one) => one.user_id);
  const others = failed.filter((one) => one.status === "active").map((one) => one.user_id);
  if (invited.length > 0) await invite(ctx, invited);
  if (others.length > 0) await sendPasswordLinks(ctx, others);
  const retried = invited.length + others.length;
  if (retried > 0)
    await record(ctx, {
      action: "import.mail_retried",
      target: { kind: "import", id: importId },
      details: { emails: retried },
    });
  return { retried, import: await presentImport(ctx, importId) };
}
