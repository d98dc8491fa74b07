import type { MessageKind } from "../mail/kinds.ts";
import { linkContents } from "../users/link-contents.ts";
import { setsPassword } from "../users/mail.ts";
import { reminderWording } from "./wording/reminder-wording.ts";

/** The link is that of the invitation, and is good for no longer by this. */
const reminder: MessageKind = {
  kind: "invitation.reminder",
  wordings: reminderWording,
  ...setsPassword,
  contents: (ctx, messages) => linkContents(ctx, messages, "invitation"),
};

export const invitationMessages: readonly MessageKind[] = [reminder];
