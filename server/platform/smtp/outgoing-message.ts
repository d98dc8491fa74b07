type Mailbox = { name: string; address: string };

export type OutgoingMessage = {
  /** The same at every attempt, so that a repeated message can be recognised: `<id@host>`. */
  messageId: string;
  date: Date;
  from: Mailbox;
  /** Where reports about it go; to `from` where it is left out. */
  envelopeFrom?: string | undefined;
  to: Mailbox;
  /** Where answers go, where that is not the sender's address. */
  replyTo?: string;
  subject: string;
  html: string;
  text: string;
};

/** What stands in its header, not encoded yet. */
export const headersOf = ({ from, to, replyTo, subject, messageId, date }: OutgoingMessage) => ({
  From: oneLineMailbox(from),
  To: oneLineMailbox(to),
  ...(replyTo && { "Reply-To": oneLineMailbox({ name: "", address: replyTo }) }),
  Subject: oneLine(subject),
  "Message-ID": messageId,
  Date: date.toUTCString().replace("GMT", "+0000"),
  // No answer by machine is wanted to it (RFC 3834).
  "Auto-Submitted": "auto-generated",
});

/** A line break in a header begins another header: no control character gets that far. */
const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();

const oneLineMailbox = ({ name, address }: Mailbox): Mailbox => ({
  name: oneLine(name),
  address: oneLine(address),
});
