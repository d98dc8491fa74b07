/**
 * The parts of a message that nodemailer composed for us: headers, then text and HTML, one after the other. It is no
 * parser for mail from elsewhere, and needs to be none.
 */
export function readSource(source: Buffer): { headers: string; text: string; html: string } {
  const message = splitHead(source.toString("utf8"));
  const boundary = /boundary="([^"]+)"/.exec(message.head)?.[1];
  const parts = boundary ? message.body.split(`--${boundary}`).slice(1, -1).map(splitHead) : [message];
  const ofType = (type: string) => {
    const part = parts.find(({ head }) => new RegExp(`^content-type: ${type}`, "im").test(head));
    return part ? decode(part) : "";
  };
  return { headers: message.head, text: ofType("text/plain"), html: ofType("text/html") };
}

type Part = { head: string; body: string };

function splitHead(text: string): Part {
  const trimmed = text.replace(/^\r?\n/, "");
  const end = /\r?\n\r?\n/.exec(trimmed);
  if (!end) return { head: trimmed, body: "" };
  return { head: trimmed.slice(0, end.index), body: trimmed.slice(end.index + end[0].length) };
}

function decode({ head, body }: Part): string {
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(head)?.[1]?.toLowerCase();
  const content = body.replace(/\r?\n$/, "");
  const bytes =
    encoding === "base64"
      ? Buffer.from(content, "base64")
      : encoding === "quoted-printable"
        ? fromQuotedPrintable(content)
        : Buffer.from(content);
  const text = bytes.toString("utf8").replace(/\r\n/g, "\n");
  return /format=flowed/i.test(head) ? text.replace(/ \n/g, " ").replace(/^ /gm, "") : text;
}

/** RFC 2045 §6.7. */
const fromQuotedPrintable = (text: string) =>
  Buffer.from(
    text
      .replace(/[ \t]+$/gm, "")
      .replace(/=\r?\n/g, "")
      .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
