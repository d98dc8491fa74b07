import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { addressFails, enhancedStatus } from "#server/platform/smtp/enhanced-status.ts";
import { readMessageId } from "../../mail/message-reference.ts";
import type { Report } from "../report.ts";
import type { Provider, SignedRequest } from "./provider.ts";

/** In seconds. Mailgun goes on trying for 8 hours where we could not answer. */
const freshFor = 9 * 3_600;
const clocksDifferBy = 300;

/**
 * Mailgun's webhooks, signed: HMAC-SHA256 over a timestamp and a token. The signature does not cover what they report, so
 * that it must be young, and each token counts once.
 */
export const mailgun: Provider = {
  isUsed: ({ mailgunWebhookKey }) => mailgunWebhookKey !== undefined,
  read: async (request, { mailgunWebhookKey = "" }) => {
    const { signature, "event-data": event } = bodyOf(request);
    if (!isSigned(signature, mailgunWebhookKey) || !isFresh(signature)) return undefined;
    const of = readMessageId(event.message?.headers?.["message-id"] ?? "");
    const report = reportOf(event);
    return of && report ? [{ ...report, of }] : [];
  },
  once: (request) => ({ token: bodyOf(request).signature.token, seconds: freshFor + clocksDifferBy }),
};

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const signed = z.object({
  timestamp: z.coerce.string().regex(/^\d{1,12}$/),
  token: z.string().min(1).max(200),
  signature: hex,
  // Of a subaccount: the same by the key of the account it belongs to.
  "parent-signature": hex.optional(),
});
const failed = z.looseObject({
  event: z.string(),
  severity: z.string().optional(),
  reason: z.string().optional(),
  "delivery-status": z
    .looseObject({
      code: z.int().optional(),
      message: z.string().optional(),
      description: z.string().optional(),
    })
    .optional(),
  message: z
    .looseObject({ headers: z.looseObject({ "message-id": z.string().optional() }).optional() })
    .optional(),
});
const sent = z.object({ signature: signed, "event-data": failed });

const bodyOf = ({ body }: SignedRequest) => sent.parse(JSON.parse(body.toString("utf8")));

function isSigned({ timestamp, token, ...by }: z.output<typeof signed>, key: string): boolean {
  const expected = createHmac("sha256", key)
    .update(timestamp + token)
    .digest();
  return [by.signature, by["parent-signature"]].some(
    (claimed) => claimed !== undefined && timingSafeEqual(Buffer.from(claimed, "hex"), expected),
  );
}

function isFresh({ timestamp }: z.output<typeof signed>): boolean {
  const age = Date.now() / 1000 - Number(timestamp);
  return age < freshFor && age > -clocksDifferBy;
}

function reportOf({
  event,
  severity,
  reason,
  "delivery-status": status,
}: z.output<typeof failed>): Report | undefined {
  if (event !== "failed") return undefined;
  const { code, message, description } = status ?? {};
  const words = message || description || reason || "no reason was given";
  // As the mail server said it: Mailgun parts the status from what follows.
  const reply = code !== undefined && /^[45]\.\d/.test(words) ? `${code} ${words}` : words;
  if (severity !== "permanent") return { outcome: "delayed", addressFailed: false, reply };
  // Mailgun sends nothing to an address that bounced before.
  const addressFailed = reason === "suppress-bounce" || addressFails(enhancedStatus(reply));
  return { outcome: "bounced", addressFailed, reply };
}
