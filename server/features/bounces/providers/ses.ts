import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import { addressFails } from "#server/platform/smtp/enhanced-status.ts";
import { findBounceAddress } from "../../mail/bounce-address.ts";
import { type MessageReference, readMessageId } from "../../mail/message-reference.ts";
import type { Report } from "../report.ts";
import type { Provider } from "./provider.ts";

/** Reads what is at an https address. Certificates are kept: Amazon changes them rarely, and their names with them. */
type Fetch = (url: string) => Promise<string>;

/** Amazon SES by way of an SNS topic, which signs what it sends. Only the topic that is configured is believed. */
export const sesBy = (fetchText: Fetch): Provider => {
  const certificates = new Map<string, Promise<string>>();
  const certificateAt = (url: string) => {
    const known = certificates.get(url) ?? fetchText(url);
    certificates.set(url, known);
    known.catch(() => certificates.delete(url));
    return known;
  };
  return {
    isUsed: ({ sesSnsTopic }) => sesSnsTopic !== undefined,
    read: async ({ body }, { sesSnsTopic, mailBounceAddress = "" }) => {
      const { data: sent } = envelope.safeParse(JSON.parse(body.toString("utf8")));
      if (!sent || sent.TopicArn !== sesSnsTopic || !isAmazons(sent.SigningCertURL)) return undefined;
      if (!isSigned(sent, await certificateAt(sent.SigningCertURL))) return undefined;
      if (sent.Type === "SubscriptionConfirmation" && sent.SubscribeURL && isAmazons(sent.SubscribeURL))
        await fetchText(sent.SubscribeURL);
      if (sent.Type !== "Notification") return [];
      const { data: told } = notification.safeParse(JSON.parse(sent.Message));
      const of = told && referenceOf(told, mailBounceAddress);
      const report = told && reportOf(told);
      return of && report ? [{ ...report, of }] : [];
    },
  };
};

export const ses = sesBy(async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "error" });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.text();
});

const envelope = z.object({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().optional(),
  Timestamp: z.string(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.string(),
  SigningCertURL: z.string(),
});
type Envelope = z.output<typeof envelope>;

const isAmazons = (url: string) => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === "https:" && /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(parsed.host);
};

/** The fields that are signed, in the order of their names, those that are there. */
const signed = [
  "Message",
  "MessageId",
  "Subject",
  "SubscribeURL",
  "Timestamp",
  "Token",
  "TopicArn",
  "Type",
] as const;

function isSigned(sent: Envelope, certificate: string): boolean {
  const fields = signed.filter(
    (name) =>
      sent[name] !== undefined &&
      (sent.Type !== "Notification" || (name !== "SubscribeURL" && name !== "Token")),
  );
  const text = fields.map((name) => `${name}\n${sent[name]}\n`).join("");
  const hash = sent.SignatureVersion === "2" ? "sha256" : "sha1";
  return verify(hash, Buffer.from(text), createPublicKey(certificate), Buffer.from(sent.Signature, "base64"));
}

const recipient = z.looseObject({ status: z.string().optional(), diagnosticCode: z.string().optional() });
const notification = z.looseObject({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.looseObject({
    source: z.string().optional(),
    headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
  }),
  bounce: z.looseObject({ bounceType: z.string(), bouncedRecipients: z.array(recipient) }).optional(),
  deliveryDelay: z.looseObject({ delayedRecipients: z.array(recipient) }).optional(),
});
type Notification = z.output<typeof notification>;

/** By the envelope sender where we gave it one of its own, else by the Message-ID we gave it. */
function referenceOf({ mail }: Notification, mailbox: string): MessageReference | undefined {
  const bySender = mailbox ? findBounceAddress(mail.source ?? "", mailbox) : undefined;
  const header = mail.headers?.find(({ name }) => name.toLowerCase() === "message-id");
  return bySender ?? readMessageId(header?.value ?? "");
}

function reportOf({ notificationType, eventType, bounce, deliveryDelay }: Notification): Report | undefined {
  const what = eventType ?? notificationType;
  const of = what === "Bounce" ? bounce?.bouncedRecipients[0] : deliveryDelay?.delayedRecipients[0];
  const reply = of?.diagnosticCode?.replace(/^\w+;\s*/, "") ?? of?.status ?? "no reason was given";
  if (what === "Bounce" && bounce)
    return {
      outcome: "bounced",
      addressFailed: bounce.bounceType === "Permanent" && addressFails(of?.status),
      reply,
    };
  return what === "DeliveryDelay" ? { outcome: "delayed", addressFailed: false, reply } : undefined;
}
