import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { restartInvitations } from "../credentials/links.ts";
import { restartTemporaryPasswords } from "../credentials/store.ts";
import { wakeSender } from "../mail/add-messages.ts";
import { isMailKept } from "../mail/own-server/is-mail-kept.ts";
import { releaseHeld } from "../mail/store.ts";
import { invite } from "../users/invite.ts";
import { sendPasswordLinks } from "../users/send-password-links.ts";
import { lockImport } from "./decide-import.ts";
import { presentImport } from "./present-import.ts";
import { beforeAll, failedRecipients, heldRecipients, type Portion } from "./store-mail.ts";

/** People in one transaction: however many there are, memory stays flat, and the first emails go out meanwhile. */
const portion = 5000;

/** Sends what an import held back, to everybody or first to the people of one group. Invitations are good from now on. */
export async function releaseMail(door: Door, importId: string, groupId: string | null) {
  const released = await inPortions(door, importId, async (ctx, next) => {
    const userIds = await heldRecipients(ctx, { importId, groupId }, next);
    if (userIds.length === 0) return { userIds, emails: 0 };
    // Credentials before messages before links: in this order everywhere.
    await restartTemporaryPasswords(ctx, userIds);
    await releaseHeld(ctx.tx, { ...ctx, userIds });
    await restartInvitations(ctx, userIds);
    await wakeSender(ctx);
    await noteSending(ctx, "import.mail_released", { importId, emails: userIds.length });
    return { userIds, emails: userIds.length };
  });
  return { released, import: await door.run((ctx) => presentImport(ctx, importId)) };
}

/** Each transaction says what it did: whoever presses twice, or is stopped halfway, is not said to have sent what they did not. */
const noteSending = (
  ctx: Context,
  action: "import.mail_released" | "import.mail_retried",
  { importId, emails }: { importId: string; emails: number },
) => record(ctx, { action, target: { kind: "import", id: importId }, details: { emails } });

type Sent = { userIds: readonly string[]; emails: number };

/** A kill between two of them leaves the others as they were: whoever asks again sends them. Answers how many emails. */
async function inPortions(
  door: Door,
  importId: string,
  send: (ctx: Context, next: Portion) => Promise<Sent>,
): Promise<number> {
  let sent = 0;
  for (let after: string | undefined = beforeAll; after !== undefined; ) {
    const next: Portion = { after, limit: portion };
    const { userIds, emails } = await door.run<Sent>(async (ctx) => {
      await lockAtRest(ctx, importId);
      return send(ctx, next);
    });
    sent += emails;
    after = userIds.length < portion ? undefined : userIds.at(-1);
  }
  return sent;
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

/** Writes anew to those whose email was given up, or never sent because there was no mail server: a new invitation, or a link to set a password. */
export async function retryMail(door: Door, importId: string) {
  const retried = await inPortions(door, importId, async (ctx, next) => {
    const failed = await failedRecipients(ctx, { importId, orKept: !(await isMailKept(ctx)) }, next);
    const invited = failed.filter((one) => one.status === "invited").map((one) => one.user_id);
    const others = failed.filter((one) => one.status === "active").map((one) => one.user_id);
    if (invited.length > 0) await invite(ctx, invited);
    if (others.length > 0) await sendPasswordLinks(ctx, others);
    const emails = invited.length + others.length;
    if (emails > 0) await noteSending(ctx, "import.mail_retried", { importId, emails });
    return { userIds: failed.map((one) => one.user_id), emails };
  });
  return { retried, import: await door.run((ctx) => presentImport(ctx, importId)) };
}
