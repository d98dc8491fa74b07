import type { MessageKind, Wordings } from "../mail/kinds.ts";
import { ActionButton } from "../mail/rendering/layout.ts";
import { contentsInAnyCase } from "../users/message-contents.ts";
import { addedWording } from "./wording/added-wording.ts";
import { codesMadeWording } from "./wording/codes-made-wording.ts";
import { lockedWording } from "./wording/locked-wording.ts";
import { recoveryWording } from "./wording/recovery-wording.ts";
import { removedWording } from "./wording/removed-wording.ts";
import { wrongCodesWording } from "./wording/wrong-codes-wording.ts";

/** Whoever did it knows; for anybody else it is news. No tenant can turn it off, and nobody take it back: it is all that shows somebody else at work. */
const notice = (kind: string, wordings: Wordings): MessageKind => ({
  kind,
  assured: true,
  wordings,
  placeholders: [],
  core: ({ language, button }) => [ActionButton({ language, label: button, address: "{{signInAddress}}" })],
  secrets: [],
  contents: (ctx, messages) => contentsInAnyCase(ctx, messages, () => ({})),
});

export const secondFactorMessages: readonly MessageKind[] = [
  notice("second_factor.added", addedWording),
  notice("second_factor.removed", removedWording),
  notice("second_factor.recovery_code_used", recoveryWording),
  notice("second_factor.codes_made", codesMadeWording),
  notice("second_factor.wrong_codes", wrongCodesWording),
  notice("second_factor.locked_out", lockedWording),
];
