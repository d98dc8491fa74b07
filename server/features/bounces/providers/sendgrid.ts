import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import { addressFails } from "#server/platform/smtp/enhanced-status.ts";
import { readMessageId } from "../../mail/message-reference.ts";
import type { Report } from "../report.ts";
import type { Provider, SignedRequest } from "./provider.ts";

/** Twilio SendGrid's Event Webhook, signed: ECDSA over the timestamp and the body as it came. */
export const sendgrid: Provider = {
  isUsed: ({ sendgridWebhookKey }) => sendgridWebhookKey !== undefined,
  read: async (request, { sendgridWebhookKey = "" }) => {
    if (!isSigned(request, sendgridWebhookKey)) return undefined;
    const parsed = z.array(event).safeParse(JSON.parse(request.body.toString("utf8")));
    return (parsed.data ?? []).flatMap((one) => {
      const of = readMessageId(one["smtp-id"] ?? "");
      const report = reportOf(one);
      return of && report ? [{ ...report, of }] : [];
    });
  },
};

function isSigned({ headers, body }: SignedRequest, key: string): boolean {
  const signature = headers["x-twilio-email-event-webhook-signature"];
  const timestamp = headers["x-twilio-email-event-webhook-timestamp"];
  if (typeof signature !== "string" || typeof timestamp !== "string") return false;
  const publicKey = createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
  return verify(
    "sha256",
    Buffer.concat([Buffer.from(timestamp), body]),
    publicKey,
    Buffer.from(signature, "base64"),
  );
}

const event = z.looseObject({
  event: z.string(),
  type: z.string().optional(),
  status: z.string().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
  "smtp-id": z.string().optional(),
});

function reportOf({
  event: name,
  type,
  status = "",
  reason,
  response,
}: z.output<typeof event>): Report | undefined {
  const reply = reason ?? response ?? (status || "no reason was given");
  // A block is one of a moment: a reputation, a policy, a full mailbox.
  if (name === "bounce")
    return { outcome: "bounced", addressFailed: type !== "blocked" && addressFails(status), reply };
  // SendGrid sends nothing to an address that bounced or was invalid before.
  if (name === "dropped")
    return { outcome: "bounced", addressFailed: /^(bounced address|invalid)/i.test(reply), reply };
  if (name === "deferred") return { outcome: "delayed", addressFailed: false, reply };
  return undefined;
}
