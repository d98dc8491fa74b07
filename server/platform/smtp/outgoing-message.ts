import MailComposer from "nodemailer/lib/mail-composer";

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

/** For nodemailer. Its fields are set one by one and it may read no file or address: nothing in a message is a path. */
export function toMailOptions(message: OutgoingMessage) {
  const { messageId, date, html, text } = message;
  const from = oneLineMailbox(message.from);
  const to = oneLineMailbox(message.to);
  return {
    messageId,
    date,
    from,
    to,
    ...(message.replyTo && { replyTo: oneLineMailbox({ name: "", address: message.replyTo }) }),
    envelope: envelopeOf(message),
    subject: oneLine(message.subject),
    html,
    text,
    // No answer by machine is wanted to it (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated" },
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** From where to where it goes, whatever its header says. */
export const envelopeOf = ({ envelopeFrom, from, to }: OutgoingMessage) => ({
  from: envelopeFrom ?? oneLine(from.address),
  to: [oneLine(to.address)],
});

/** The whole message as it would cross the wire (RFC 5322). */
export const composeSource = (message: OutgoingMessage): Promise<Buffer> =>
  new MailComposer(toMailOptions(message)).compile().build();

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
