import type { MessageKind, Wordings } from "../mail/kinds.ts";
import { ActionButton } from "../mail/rendering/layout.ts";
import { contentsOf } from "../users/message-contents.ts";
import { addedWording } from "./wording/added-wording.ts";
import { lockedWording } from "./wording/locked-wording.ts";
import { recoveryWording } from "./wording/recovery-wording.ts";
import { removedWording } from "./wording/removed-wording.ts";

/** Whoever did it knows; for anybody else it is news. No tenant can turn it off: it is all that shows somebody else at work. */
const notice = (kind: string, wordings: Wordings): MessageKind => ({
  kind,
  countedApart: true,
  wordings,
  placeholders: [],
  core: ({ language, button }) => [ActionButton({ language, label: button, address: "{{signInAddress}}" })],
  secrets: [],
  contents: (ctx, messages) => contentsOf(ctx, messages, () => ({})),
});

export const secondFactorMessages: readonly MessageKind[] = [
  notice("second_factor.added", addedWording),
  notice("second_factor.removed", removedWording),
  notice("second_factor.recovery_code_used", recoveryWording),
  notice("second_factor.locked_out", lockedWording),
];
