import PostalMime from "postal-mime";
import { addressFails, enhancedStatus } from "#server/platform/smtp/enhanced-status.ts";
import type { Report } from "./report.ts";

/** What a delivery report (RFC 3464, 6533) says of its message; undefined for any other email, and for good news. */
export async function readDeliveryReport(source: Buffer): Promise<Report | undefined> {
  const email = await PostalMime.parse(source, {
    maxNestingDepth: 16,
    attachmentEncoding: "utf8",
  }).catch(() => undefined);
  const status = email?.attachments.find(({ mimeType }) => ofStatus.test(mimeType));
  return status && reportOf(groupsOf(String(status.content)), email?.text ?? "");
}

/** The latter where an address or a word in it is not ASCII. */
const ofStatus = /^message\/(global-)?delivery-status$/i;

/** The first group of fields names the server; each further one a recipient, more than one where the address is that of several. */
function groupsOf(text: string): Map<string, string>[] {
  const unfolded = text.slice(0, 65_536).replace(/\r?\n[ \t]+(?=\S)/g, " ");
  return unfolded.split(/(?:\r?\n[ \t]*){2,}/).map(fieldsOf);
}

const fieldsOf = (text: string): Map<string, string> =>
  new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(":");
      return at > 0 ? [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const] : [];
    }),
  );

/** Without the kind of value before it: `smtp; 550 …`, `rfc822;eva@example.org`. */
const valueIn = (fields: Map<string, string>, name: string) =>
  (fields.get(name) ?? "").replace(/^[\w-]+;\s*/, "");

/** Exim says only there why it did not try: on the lines below the address, which stand further in. */
function wordsAbout(address: string, text: string): string {
  const lines = text.slice(0, 65_536).split(/\r?\n/);
  const at = lines.findIndex((line) => line.trim() === address);
  const below = at < 0 ? [] : lines.slice(at + 1);
  const end = below.findIndex((line) => !/^\s+\S/.test(line));
  return below
    .slice(0, end < 0 ? below.length : end)
    .map((line) => line.trim())
    .join(" ");
}

const actionOf = (fields: Map<string, string>) => fields.get("action")?.toLowerCase();

/** `text`: the same for people. */
function reportOf(groups: Map<string, string>[], text: string): Report | undefined {
  const failed = groups.find((fields) => actionOf(fields) === "failed");
  const fields = failed ?? groups.find((one) => actionOf(one) === "delayed");
  if (!fields) return undefined;
  const words = valueIn(fields, "diagnostic-code") || wordsAbout(valueIn(fields, "final-recipient"), text);
  const given = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get("status") ?? "")?.[0];
  // Some mail servers know nothing but 5.0.0, and pass on what the other one said.
  const status = given && !given.endsWith(".0.0") ? given : (enhancedStatus(words) ?? given);
  return {
    outcome: failed ? "bounced" : "delayed",
    addressFailed: failed !== undefined && addressFails(status),
    reply: words || `${status ?? "It came back"} (no reason was given)`,
  };
}
