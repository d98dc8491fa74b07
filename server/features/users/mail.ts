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
import { ActionButton, Credentials, Paragraph, ShortcutButton } from "../mail/rendering/layout.ts";
import { whoIsWrittenTo } from "../mail/store-pending.ts";
import { readSettings } from "../tenants/settings.ts";
import type { Language } from "../tenants/tenant-settings.ts";
import { linkContents } from "./link-contents.ts";
import { contentsOf } from "./message-contents.ts";
import { sendPasswordLinks } from "./send-password-links.ts";
import { createdWording } from "./wording/created-wording.ts";
import { credentialWords } from "./wording/credential-words.ts";
import { invitedWording } from "./wording/invited-wording.ts";
import { setPasswordWording } from "./wording/set-password-wording.ts";

const signsInWith = (language: Language) =>
  [
    [credentialWords[language].signInAddress, "{{signInAddress}}"],
    [credentialWords[language].email, "{{email}}"],
  ] as const;

const userIdsOf = (messages: readonly PendingMessage[]) => messages.map((message) => message.userId);

const created: MessageKind = {
  kind: "user.created",
  wordings: createdWording,
  placeholders: ["validUntil"],
  worksFor: ({ temporaryPasswordDays }) => temporaryPasswordDays,
  core: ({ language, button }) => [
    Credentials(...signsInWith(language), [credentialWords[language].password, "{{password}}"]),
    ShortcutButton(button, "{{signInAddress}}"),
  ],
  secrets: ["password"],
  contents: async (ctx, messages) => {
    const { sendPasswords, temporaryPasswordDays } = await readSettings(ctx);
    if (!sendPasswords) return linkInstead(ctx, messages);
    const passwords = await readSealedPasswords(ctx, userIdsOf(messages));
    const without = userIdsOf(messages).filter((userId) => !passwords.has(userId));
    const temporary = without.length > 0 ? await whoHasTemporary(ctx, without) : new Set();
    return contentsOf(ctx, messages, (userId) => {
      const password = passwords.get(userId);
      if (password !== undefined) return { password, validUntil: daysAfter(ctx.now, temporaryPasswordDays) };
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

/** A button to set a password of one's own, and what somebody signs in with afterwards. */
export const setsPassword: Pick<MessageKind, "placeholders" | "worksFor" | "core" | "secrets"> = {
  placeholders: ["validUntil"],
  worksFor: ({ invitationDays }) => invitationDays,
  core: ({ language, button }) => [
    ActionButton({ language, label: button, address: "{{link}}" }),
    Paragraph(credentialWords[language].fromThenOn),
    Credentials(...signsInWith(language)),
  ],
  secrets: ["link"],
};

const invited: MessageKind = {
  kind: "user.invited",
  wordings: invitedWording,
  ...setsPassword,
  contents: (ctx, messages) => linkContents(ctx, messages, "invitation"),
  accepted: (ctx, messages) => startLinkExpiry(ctx, "invitation", userIdsOf(messages)),
};

const setPassword: MessageKind = {
  kind: "user.set_password",
  wordings: setPasswordWording,
  ...setsPassword,
  contents: (ctx, messages) => linkContents(ctx, messages, "set_password"),
  accepted: (ctx, messages) => startLinkExpiry(ctx, "set_password", userIdsOf(messages)),
};

/** The emails by which people learn of their account. */
export const userMessages: readonly MessageKind[] = [created, invited, setPassword];
