import type { Context } from "#server/context.ts";
import { startLinkExpiry } from "../credentials/links.ts";
import { readSealedPasswords } from "../credentials/read-sealed-passwords.ts";
import {
  lockCredentials,
  startPasswordExpiry,
  whoHasTemporary,
  wipeSealedPasswords,
} from "../credentials/store.ts";
import { daysAfter } from "../credentials/validity.ts";
import type { MessageKind, PendingMessage } from "../mail/kinds.ts";
import {
  ActionButton,
  Credentials,
  Heading,
  layout,
  Paragraph,
  ShortcutButton,
} from "../mail/rendering/layout.ts";
import { writtenDate } from "../mail/rendering/wording.ts";
import { whoIsWrittenTo } from "../mail/store-pending.ts";
import { readSettings } from "../tenants/settings.ts";
import { linkContents } from "./link-contents.ts";
import { contentsOf } from "./message-contents.ts";
import { sendPasswordLinks } from "./send-password-links.ts";

const signsInWith = [
  ["Sign-in address", "{{signInAddress}}"],
  ["Email address", "{{recipient}}"],
] as const;

const userIdsOf = (messages: readonly PendingMessage[]) => messages.map((message) => message.userId);

const created: MessageKind = {
  kind: "user.created",
  subject: "Your sign-in details for {{tenant}}",
  secrets: ["password"],
  body: () =>
    layout(
      "Your sign-in address, email address and temporary password.",
      Heading("Welcome, {{firstName}}"),
      Paragraph("An administrator of {{tenant}} created a user for you. This is what you sign in with:"),
      Credentials(...signsInWith, ["Temporary password", "{{password}}"]),
      ShortcutButton("Sign in", "{{signInAddress}}"),
      Paragraph(
        "The password is for your first sign-in, when you choose one of your own. It works until {{validUntil}}.",
      ),
      Paragraph("Keep this email to yourself: whoever has it can sign in as you."),
    ),
  contents: async (ctx, messages) => {
    const { sendPasswords, temporaryPasswordDays } = await readSettings(ctx);
    if (!sendPasswords) return linkInstead(ctx, messages);
    const passwords = await readSealedPasswords(ctx, userIdsOf(messages));
    const without = userIdsOf(messages).filter((userId) => !passwords.has(userId));
    const temporary = without.length > 0 ? await whoHasTemporary(ctx, without) : new Set();
    return contentsOf(ctx, messages, (userId) => {
      const password = passwords.get(userId);
      if (password !== undefined)
        return { password, validUntil: writtenDate(daysAfter(ctx.now, temporaryPasswordDays)) };
      if (!temporary.has(userId)) return { withdraw: ownPassword };
      return { withdraw: "The password is no longer kept: a link to set one goes instead.", replace: true };
    });
  },
  hold: lockCredentials,
  accepted: async (ctx, messages) => {
    await startPasswordExpiry(ctx, userIdsOf(messages));
    await wipeUnneeded(ctx, messages);
  },
  givenUp: (ctx, messages) => wipeUnneeded(ctx, messages),
  replaced: async (ctx, messages) => {
    const kinds = ["user.created", "user.set_password"];
    const welcomed = await whoIsWrittenTo(ctx.tx, { ...ctx, userIds: userIdsOf(messages), kinds });
    const userIds = new Set(userIdsOf(messages).filter((userId) => !welcomed.has(userId)));
    if (userIds.size > 0) await sendPasswordLinks(ctx, [...userIds]);
  },
};

/** The tenant mails no passwords. Looked at only now, so that it also holds for emails that waited. */
async function linkInstead(ctx: Context, messages: readonly PendingMessage[]) {
  const temporary = await whoHasTemporary(ctx, userIdsOf(messages));
  return contentsOf(ctx, messages, (userId) =>
    temporary.has(userId)
      ? { withdraw: "No passwords are mailed here: a link to set one goes instead.", replace: true }
      : { withdraw: ownPassword },
  );
}

const ownPassword = "They have set a password of their own.";

/** Another email of that person, sent again while this one was in flight, may still have to carry the password. */
async function wipeUnneeded(ctx: Context, messages: readonly PendingMessage[]) {
  const userIds = userIdsOf(messages);
  const needed = await whoIsWrittenTo(ctx.tx, { ...ctx, userIds, kinds: ["user.created"] });
  await wipeSealedPasswords(
    ctx,
    userIds.filter((userId) => !needed.has(userId)),
  );
}

const invited: MessageKind = {
  kind: "user.invited",
  subject: "{{tenant}} invites you: set your password",
  secrets: ["link"],
  body: () =>
    layout(
      "Set your own password, and you are in.",
      Heading("Welcome, {{firstName}}"),
      Paragraph("An administrator of {{tenant}} invites you. Set a password of your own, and you are in."),
      ActionButton("Set your password", "{{link}}"),
      Paragraph("From then on you sign in with that password and:"),
      Credentials(...signsInWith),
      ...aboutTheLink,
    ),
  contents: (ctx, messages) => linkContents(ctx, messages, "invitation"),
  accepted: (ctx, messages) => startLinkExpiry(ctx, "invitation", userIdsOf(messages)),
};

const setPassword: MessageKind = {
  kind: "user.set_password",
  subject: "Set your password for {{tenant}}",
  secrets: ["link"],
  body: () =>
    layout(
      "A link to set your password.",
      Heading("Hello, {{firstName}}"),
      Paragraph("An administrator of {{tenant}} sends you this link, with which you set a new password."),
      ActionButton("Set your password", "{{link}}"),
      Paragraph("From then on you sign in with that password and:"),
      Credentials(...signsInWith),
      ...aboutTheLink,
    ),
  contents: (ctx, messages) => linkContents(ctx, messages, "set_password"),
  accepted: (ctx, messages) => startLinkExpiry(ctx, "set_password", userIdsOf(messages)),
};

const aboutTheLink = [
  Paragraph(
    "The link is yours alone and works once, until {{validUntil}}. Opening it changes nothing: only setting a password uses it up.",
  ),
] as const;

/** The emails by which people learn of their account. */
export const userMessages: readonly MessageKind[] = [created, invited, setPassword];
