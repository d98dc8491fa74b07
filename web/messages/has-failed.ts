import type { MessageState } from "#server/features/mail/contract.ts";

const failed: ReadonlySet<MessageState> = new Set(["refused", "bounced", "expired"]);

/** It was given up: refused, come back, or put off for too long. */
export const hasFailed = (state: MessageState) => failed.has(state);
