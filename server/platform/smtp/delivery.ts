import { addressFails, enhancedStatus } from "./enhanced-status.ts";
import { speaksOfUs } from "./speaks-of-us.ts";

/** What became of handing one message to the mail server. `reply` is the server's own words, or plain ones of ours. */
export type Delivery =
  | { outcome: "accepted"; reply: string }
  /**
   * `server`: the trouble is with the mail server or the way to it, so that other messages will not fare better. `either`: it had
   * let us in, and then kept us waiting for its word on this message.
   */
  | { outcome: "deferred"; reply: string; scope: "message" | "either" | "server" }
  /** Refused for good in words that may be meant for us: then other messages will not fare better, until that is mended. */
  | { outcome: "denied"; reply: string }
  /** `addressFails`: no other message to this address will fare better. */
  | { outcome: "refused"; reply: string; addressFails: boolean };

type SmtpError = Error & {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
  timeoutType?: string;
};

/** Replies of 5xx that speak of us and not of the message: out of sequence, log in first, login refused. */
const aboutUs = new Set([503, 530, 534, 535, 538]);
/** Replies of 4xx that speak of the server as a whole: closing, login not possible now. */
const aboutServer = new Set([421, 432, 454]);
/** As Postfix says of whoever sends more in a minute than it lets them. */
const tooMuchOfUs = /^4\d\d[ -]4\.7\.\d+ .*\btoo (?:many|much)\b/i;
/** Errors of nodemailer about one message; every other one is about the connection. */
const ofMessage = new Set(["EENVELOPE", "EMESSAGE", "ESTREAM"]);

/**
 * Only what the server refuses for good (5xx to the message itself), or what no server could take, is refused. All else
 * is deferred: whatever is wrong with the server, the network, our login or our address can be mended, and then the message
 * goes. Without `server` words of ours do not tell which it is. `begun`: it was logged in to, and had been told of the message.
 */
export function deliveryOf(failure: unknown, server: string | undefined, begun = false): Delivery {
  const error = failure as SmtpError;
  const reply = tidyReply(error.response ?? inPlainWords(error, server));
  const status = error.responseCode;
  if (!ofMessage.has(error.code ?? ""))
    return { outcome: "deferred", reply, scope: begun && isSilence(error) ? "either" : "server" };
  if (status === undefined && error.code === "ESTREAM")
    return { outcome: "deferred", reply, scope: "message" };
  if (status === undefined) return { outcome: "refused", reply, addressFails: false };
  if (aboutUs.has(status) || aboutServer.has(status) || isOfSender(error, reply) || tooMuchOfUs.test(reply))
    return { outcome: "deferred", reply, scope: "server" };
  if (status < 500) return { outcome: "deferred", reply, scope: "message" };
  if (speaksOfUs(reply, error.command)) return { outcome: "denied", reply };
  const ofAddress = error.command === "RCPT TO" && addressFails(enhancedStatus(reply));
  return { outcome: "refused", reply, addressFails: ofAddress };
}

/** No reply in time, or not all of them; while connecting there are other limits. */
const isSilence = ({ code, timeoutType }: SmtpError) => timeoutType === "SOCKET_TIMEOUT" || code === "EABORT";

/**
 * The sender is the same for all messages, and so is how many a server takes of it in a minute; only a message's size is told here,
 * too.
 */
const isOfSender = ({ command, responseCode }: SmtpError, reply: string) =>
  command === "MAIL FROM" && responseCode !== 552 && !/^[45]\.3\.4$/.test(enhancedStatus(reply) ?? "");

/** One line, of a length that fits a screen. */
export const tidyReply = (reply: string) =>
  reply
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 500);

/** What Node says of a certificate: CERT_HAS_EXPIRED, DEPTH_ZERO_SELF_SIGNED_CERT, ERR_TLS_CERT_ALTNAME_INVALID, … */
const ofTls = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO$/;

/** What is wrong with a certificate, by what Node calls it. */
const certificateWords: readonly [RegExp, string][] = [
  [/ALTNAME/, "its certificate is for another name."],
  [/CERT_HAS_EXPIRED/, "its certificate has expired."],
  [/CERT_NOT_YET_VALID/, "its certificate is not valid yet."],
  [
    /SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|CERT_UNTRUSTED/,
    "its certificate is signed by nobody who is trusted here.",
  ],
];

const codeOf = ({ originalCode, code = "" }: SmtpError) => originalCode ?? code;

/** Is it TLS that failed, and not the way to the server or the server itself? */
export const isAboutTls = (failure: unknown) => {
  const code = codeOf(failure as SmtpError);
  return code === "ETLS" || ofTls.test(code);
};

function inPlainWords(error: SmtpError, server: string | undefined): string {
  const code = codeOf(error);
  const it = server === undefined ? "mail server" : `mail server ${server}`;
  // What Node and nodemailer say of a connection names the server, its address or its certificate.
  const why = server !== undefined || ofMessage.has(error.code ?? "") ? `: ${error.message}` : ".";
  if (ofTls.test(code)) {
    const words = certificateWords.find(([of]) => of.test(code))?.[1];
    return `No secure connection to the ${it}${words === undefined ? why : `: ${words}`}`;
  }
  switch (code) {
    case "ECONNREFUSED":
      return `The ${it} refuses connections: it is not running, or not at this address.`;
    case "ENOTFOUND":
    case "EDNS":
      return `The ${it} cannot be found: there is no such name.`;
    case "EAI_AGAIN":
      return `The ${it} cannot be found now: the DNS does not answer.`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `The ${it} cannot be reached over the network.`;
    case "ETIMEDOUT":
    case "EABORT":
      return `The ${it} did not answer in time.`;
    case "ETLS":
      return `No secure connection to the ${it}${why}`;
    case "EAUTH":
    case "ENOAUTH":
      return `The ${it} does not accept our login${why}`;
    case "ECONNECTION":
    case "ECONNRESET":
    case "EPIPE":
      return `The ${it} closed the connection.`;
    case "ESTREAM":
      return "Muster stopped before the message was complete. It is sent again.";
    default:
      return why === "." ? `The ${it} cannot be used now.` : `The ${it}${why}`;
  }
}
