import { linkTokens } from "../credentials/links.ts";
import type { MessageKind } from "../mail/kinds.ts";
import { ActionButton, Heading, layout, Paragraph } from "../mail/rendering/layout.ts";
import { linkAddress, writtenDate } from "../mail/rendering/wording.ts";
import { contentsForOwnersToo, contentsOf } from "../users/message-contents.ts";

const reset: MessageKind = {
  kind: "password.reset",
  subject: "Set a new password for {{tenant}}",
  secrets: ["link"],
  body: () =>
    layout(
      "The link to set a new password that was asked for.",
      Heading("Hello, {{firstName}}"),
      Paragraph("Somebody, most likely you, asked for a new password for {{recipient}} at {{tenant}}."),
      ActionButton("Set a new password", "{{link}}"),
      Paragraph(
        "The link works once, until {{validUntil}}. Opening it changes nothing: only setting a password uses it up.",
      ),
      Paragraph("If it was not you, there is nothing to do: your password stays as it is."),
    ),
  contents: async (ctx, messages) => {
    const userIds = messages.map((message) => message.userId);
    const links = await linkTokens(ctx, "reset", userIds);
    return contentsForOwnersToo(ctx, messages, (userId) => {
      const link = links.get(userId);
      if (!link) return { withdraw: "The link was used, replaced, or is too old." };
      return { link: linkAddress(ctx, link.token), validUntil: writtenDate(link.expiresAt) };
    });
  },
};

const changed: MessageKind = {
  kind: "password.changed",
  subject: "Your password for {{tenant}} was changed",
  secrets: [],
  body: () =>
    layout(
      "If it was not you, tell an administrator.",
      Heading("Hello, {{firstName}}"),
      Paragraph(
        "The password for {{recipient}} at {{tenant}} was changed. If it was you, there is nothing to do.",
      ),
      Paragraph(
        "If it was not you, tell an administrator of {{tenant}} at once, and set a new password here:",
      ),
      ActionButton("Go to the sign-in page", "{{signInAddress}}"),
    ),
  contents: (ctx, messages) => contentsOf(ctx, messages, () => ({})),
};

/** The emails about a person's own password. */
export const signInMessages: readonly MessageKind[] = [reset, changed];
