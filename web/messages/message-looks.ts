import type { Message } from "#server/features/messages/contract.ts";
import type { Shape } from "../ui/status-mark.tsx";

type Look = { shape: Shape; tone: "ok" | "plain" | "warn" | "bad"; word: string };

/** Each state by shape, colour and word. "Sent" is what the mail server said it took; nobody knows more than that. */
export const messageLooks: Record<Message["state"], Look> = {
  held: { shape: "empty", tone: "warn", word: "Held" },
  scheduled: { shape: "empty", tone: "plain", word: "Scheduled" },
  queued: { shape: "empty", tone: "plain", word: "Waiting" },
  sending: { shape: "half", tone: "plain", word: "Sending" },
  deferred: { shape: "half", tone: "warn", word: "Delayed" },
  accepted: { shape: "full", tone: "ok", word: "Sent" },
  refused: { shape: "problem", tone: "bad", word: "Refused" },
  bounced: { shape: "problem", tone: "bad", word: "Came back" },
  expired: { shape: "problem", tone: "bad", word: "Given up" },
  withdrawn: { shape: "empty", tone: "plain", word: "Withdrawn" },
};

const failed: ReadonlySet<Message["state"]> = new Set(["refused", "bounced", "expired"]);
export const hasFailed = (state: Message["state"]) => failed.has(state);

/** Who said it: the mail server, or Muster where nothing was handed over. */
export function replyOf({ state, lastReply }: Pick<Message, "state" | "lastReply">): string | null {
  if (!lastReply) return null;
  if (state === "withdrawn") return lastReply;
  return /^(The mail server|Muster) /.test(lastReply) ? lastReply : `The mail server said: ${lastReply}`;
}
