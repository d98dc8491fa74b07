import MimeNode from "nodemailer/lib/mime-node";
import { encode, wrap } from "nodemailer/lib/qp";
import { headersOf, type OutgoingMessage } from "./outgoing-message.ts";

/** From where to where it goes, whatever its header says. */
export type Envelope = { from: string; to: string[] };
export type Composed = { source: Buffer; envelope: Envelope };

/** In quoted-printable an = is followed by a digit, a letter or a line break: no part holds this. */
const boundary = "=_muster";
const lineLength = 76;

/**
 * The whole message as it crosses the wire (RFC 5322), and its envelope. Header and encodings are nodemailer's; the streams
 * it takes each part through would cost more than all else that is done for a message.
 */
export function composeSource(message: OutgoingMessage): Composed {
  const node = new MimeNode();
  node.setHeader(headersOf(message));
  node.setHeader("Content-Type", `multipart/alternative; boundary="${boundary}"`);
  const lines = [
    node.buildHeaders(),
    "",
    ...partOf("text/plain", message.text),
    ...partOf("text/html", message.html),
    `--${boundary}--`,
    "",
  ];
  const { from, to } = node.getEnvelope();
  return {
    source: Buffer.from(lines.join("\r\n")),
    envelope: { from: message.envelopeFrom ?? (from || ""), to },
  };
}

const partOf = (type: string, text: string) => [
  `--${boundary}`,
  `Content-Type: ${type}; charset=utf-8`,
  "Content-Transfer-Encoding: quoted-printable",
  "",
  wrap(encode(text.replace(/\r\n?|\n/g, "\r\n")), lineLength),
];
