import { linkTokens } from "../credentials/links.ts";
import type { MessageKind } from "../mail/kinds.ts";
import { ActionButton } from "../mail/rendering/layout.ts";
import { linkAddress } from "../mail/rendering/link-address.ts";
import { contentsForOwnersToo, contentsOf } from "../users/message-contents.ts";
import { changedWording } from "./wording/changed-wording.ts";
import { resetWording } from "./wording/reset-wording.ts";

const reset: MessageKind = {
  kind: "password.reset",
  countedApart: true,
  wordings: resetWording,
  placeholders: ["validUntil"],
  core: ({ language, button }) => [ActionButton({ language, label: button, address: "{{link}}" })],
  secrets: ["link"],
  contents: async (ctx, messages) => {
    const userIds = messages.map((message) => message.userId);
    const links = await linkTokens(ctx, "reset", userIds);
    return contentsForOwnersToo(ctx, messages, (userId) => {
      const link = links.get(userId);
      if (!link) return { withdraw: "The link was used, replaced, or is too old." };
      return { link: linkAddress(ctx, link.token), validUntil: link.expiresAt };
    });
  },
};

const changed: MessageKind = {
  kind: "password.changed",
  countedApart: true,
  wordings: changedWording,
  placeholders: [],
  core: ({ language, button }) => [ActionButton({ language, label: button, address: "{{signInAddress}}" })],
  secrets: [],
  contents: (ctx, messages) => contentsOf(ctx, messages, () => ({})),
};

/** The emails about a person's own password. */
export const signInMessages: readonly MessageKind[] = [reset, changed];
