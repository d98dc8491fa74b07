import { linkTokens } from "../credentials/links.ts";
import { resetHours } from "../credentials/validity.ts";
import type { MessageKind } from "../mail/kinds.ts";
import { ActionButton, Facts } from "../mail/rendering/layout.ts";
import { linkAddress } from "../mail/rendering/link-address.ts";
import { contentsForOwnersToo, contentsOf } from "../users/message-contents.ts";
import { browserParts } from "./browser-name.ts";
import { newBrowserKind } from "./notice-browser.ts";
import { readBrowsers } from "./store-browsers.ts";
import { browserWords } from "./wording/browser-words.ts";
import { changedWording } from "./wording/changed-wording.ts";
import { newBrowserWording } from "./wording/new-browser-wording.ts";
import { resetWording } from "./wording/reset-wording.ts";

const reset: MessageKind = {
  kind: "password.reset",
  countedApart: true,
  // More than anybody can have sent to somebody else by asking in their name: 12 links of two hours, and two sent again.
  atLeastADay: 20,
  wordings: resetWording,
  placeholders: ["validUntil"],
  worksFor: () => resetHours / 24,
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

const newBrowser: MessageKind = {
  kind: newBrowserKind,
  countedApart: true,
  wordings: newBrowserWording,
  placeholders: ["signedInAt"],
  core: ({ language, button }) => [
    Facts(
      [browserWords[language].when, "{{signedInAt}}"],
      [browserWords[language].browser, "{{browser}}"],
      [browserWords[language].ip, "{{ip}}"],
    ),
    ActionButton({ language, label: button, address: "{{signInAddress}}" }),
  ],
  samples: { browser: "Firefox, Windows", ip: "203.0.113.7" },
  secrets: [],
  contents: async (ctx, messages) => {
    const userIds = messages.map(({ userId }) => userId);
    const ids = messages.flatMap(({ about }) => about ?? []);
    const browsers = new Map((await readBrowsers(ctx, { userIds, ids })).map((one) => [one.id, one]));
    return contentsOf(ctx, messages, (_userId, _recipient, { about }) => {
      const browser = about ? browsers.get(about) : undefined;
      if (!browser) return { withdraw: "Nothing is known of this browser any more." };
      return {
        signedInAt: browser.first_seen_at,
        // Only names that are known: whoever signs in can say anything else, and it would be in an email of ours.
        browser: browserParts(browser.user_agent).join(", ") || "?",
        ip: browser.ip ?? "?",
      };
    });
  },
};

/** The emails about a person's own password and sign-ins. */
export const signInMessages: readonly MessageKind[] = [reset, changed, newBrowser];
