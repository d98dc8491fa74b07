import PostalMime from "postal-mime";
import { addressFails, enhancedStatus } from "#server/platform/smtp/enhanced-status.ts";
import type { Report } from "./report.ts";

/** What a delivery report (RFC 3464) says of its message; undefined for any other email, and for good news. */
export async function readDeliveryReport(source: Buffer): Promise<Report | undefined> {
  const email = await PostalMime.parse(source, {
    maxNestingDepth: 16,
    attachmentEncoding: "utf8",
  }).catch(() => undefined);
  const status = email?.attachments.find(({ mimeType }) => mimeType === "message/delivery-status");
  return status && reportOf(fieldsOf(String(status.content)));
}

/** The fields of all groups: the first names the server, the next the one recipient a message of ours has. */
function fieldsOf(text: string): Map<string, string> {
  const unfolded = text.slice(0, 65_536).replace(/\r?\n[ \t]+/g, " ");
  return new Map(
    unfolded.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(":");
      return at > 0 ? [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const] : [];
    }),
  );
}

function reportOf(fields: Map<string, string>): Report | undefined {
  const action = fields.get("action")?.toLowerCase();
  if (action !== "failed" && action !== "delayed") return undefined;
  const words = (fields.get("diagnostic-code") ?? "").replace(/^\w+;\s*/, "");
  const given = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get("status") ?? "")?.[0];
  // Some mail servers know nothing but 5.0.0, and pass on what the other one said.
  const status = given && !given.endsWith(".0.0") ? given : (enhancedStatus(words) ?? given);
  return {
    outcome: action === "failed" ? "bounced" : "delayed",
    addressFailed: action === "failed" && addressFails(status),
    reply: words || `${status ?? "It came back"} (no reason was given)`,
  };
}
