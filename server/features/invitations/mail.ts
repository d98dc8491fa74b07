import type { MessageKind } from "../mail/kinds.ts";
import { ActionButton, Credentials, Heading, layout, Paragraph } from "../mail/rendering/layout.ts";
import { linkContents } from "../users/link-contents.ts";

/** The link is that of the invitation, and is good for no longer by this. */
const reminder: MessageKind = {
  kind: "invitation.reminder",
  subject: "Reminder: {{tenant}} invites you",
  secrets: ["link"],
  body: () =>
    layout(
      "You have not set your password yet.",
      Heading("Hello, {{firstName}}"),
      Paragraph("{{tenant}} has invited you, and you have not set your password yet. It takes a minute."),
      ActionButton("Set your password", "{{link}}"),
      Paragraph("From then on you sign in with that password and:"),
      Credentials(["Sign-in address", "{{signInAddress}}"], ["Email address", "{{recipient}}"]),
      Paragraph(
        "The link is the one of your invitation. It is yours alone and works once, until {{validUntil}}. Opening it changes nothing: only setting a password uses it up.",
      ),
    ),
  contents: (ctx, messages) => linkContents(ctx, messages, "invitation"),
};

export const invitationMessages: readonly MessageKind[] = [reminder];
