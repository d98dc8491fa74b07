import { enhancedStatus } from "./enhanced-status.ts";

/** Of a policy, of the sender, of the server itself (RFC 3463). */
const statusOfUs = /^5\.(7\.\d+|1\.[78]|3\.[01235])$/;
/** What servers say that give no such status. */
const wordsOfUs =
  /relay|sender|authenti|authoriz|log ?in|\b(helo|ehlo|spf|dkim|dmarc)\b|block|black ?list|den(y|ied)|prohibit|permit|permission|policy|spam|reputation|reverse|client host/i;
const address = /<[^>]*>|\S+@\S+/g;

/**
 * May a reply of 5xx be meant for whoever sends rather than for this message: a relay that does not know us, a sender that is not
 * allowed, a list that we are on? After the recipient was taken, everything may that does not speak of the message's size.
 */
export function speaksOfUs(reply: string, command: string | undefined): boolean {
  const status = enhancedStatus(reply);
  if (status) return statusOfUs.test(status);
  if (command === "RCPT TO") return wordsOfUs.test(reply.replace(address, ""));
  return !reply.startsWith("552");
}
