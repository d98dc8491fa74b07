import { keptInMailbox } from "#server/features/mail/contract.ts";
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
  refused: { shape: "problem", tone: "bad", word: "Refused" },
  bounced: { shape: "problem", tone: "bad", word: "Came back" },
  expired: { shape: "problem", tone: "bad", word: "Given up" },
  withdrawn: { shape: "empty", tone: "plain", word: "Withdrawn" },
};

type Told = Pick<Message, "state" | "lastReply">;

/** There was no mail server to hand it to. */
export const isKept = ({ state, lastReply }: Told) => state === "accepted" && lastReply === keptInMailbox;

/** Since there is a mail server the mailbox is gone: what was in it is no longer anywhere, and was never sent. */
const keptLook = (mailKept: boolean): Look => ({
  shape: "full",
  tone: "plain",
  word: mailKept ? "In the mailbox" : "Not sent",
});

/** How one message stands; `mailKept`: there is no mail server yet. */
export const messageLook = (message: Told, { mailKept }: Pick<Me, "mailKept">): Look =>
  isKept(message) ? keptLook(mailKept) : messageLooks[message.state];

/** How many messages of a state stand, where there may be no mail server that anything could be sent by. */
export const stateLook = (state: Message["state"], { mailKept }: Pick<Me, "mailKept">): Look =>
  mailKept && state === "accepted" ? keptLook(mailKept) : messageLooks[state];

const failed: ReadonlySet<Message["state"]> = new Set(["refused", "bounced", "expired"]);
export const hasFailed = (state: Message["state"]) => failed.has(state);

/** Who said it: the mail server, or Muster where nothing was handed over. */
export function replyOf({ state, lastReply }: Told): string | null {
  if (!lastReply) return null;
  if (state === "withdrawn" || isKept({ state, lastReply })) return lastReply;
  return /^(The mail server|Muster) /.test(lastReply) ? lastReply : `The mail server said: ${lastReply}`;
}
