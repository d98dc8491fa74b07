import type { Message } from "#server/features/messages/contract.ts";
import type { Me } from "#server/features/sign-in/contract.ts";
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
  kept: { shape: "full", tone: "plain", word: "In the mailbox" },
  refused: { shape: "problem", tone: "bad", word: "Refused" },
  bounced: { shape: "problem", tone: "bad", word: "Came back" },
  expired: { shape: "problem", tone: "bad", word: "Given up" },
  withdrawn: { shape: "empty", tone: "plain", word: "Withdrawn" },
};

export const messageStates = Object.keys(messageLooks) as Message["state"][];

type Told = Pick<Message, "state" | "lastReply">;

/** Since there is a mail server the mailbox is gone: what was in it is no longer anywhere, and was never sent. */
const neverSent: Look = { shape: "problem", tone: "warn", word: "Not sent" };

/** How messages of a state stand; `mailKept`: there is no mail server yet. */
export const stateLook = (state: Message["state"], { mailKept }: Pick<Me, "mailKept">): Look =>
  state === "kept" && !mailKept ? neverSent : messageLooks[state];

/** Who said it: the mail server, or Muster where nothing was handed over. */
export function replyOf({ state, lastReply }: Told): string | null {
  if (!lastReply) return null;
  if (state === "withdrawn" || state === "kept") return lastReply;
  return /^(The mail server|Muster) /.test(lastReply) ? lastReply : `The mail server said: ${lastReply}`;
}
