import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";
import { readConfig } from "#server/platform/config/config.ts";
import { writeMessageId } from "../../mail/message-reference.ts";
import { mailgun } from "./mailgun.ts";
import { sendgrid } from "./sendgrid.ts";
import { sesBy } from "./ses.ts";

const tenantId = "0192f000-0000-7000-8000-0123456789ab";
const messageId = "0192f000-1111-7000-8000-0123456789ab";
const ours = writeMessageId(tenantId, messageId, "people.example.org");
const of = { messageId, tenantTail: "0123456789ab" };

const sendgridKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const sendgridConfig = readConfig({
  SENDGRID_WEBHOOK_KEY: sendgridKeys.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
});

function fromSendgrid(events: unknown, tamper: (body: string) => string = (body) => body) {
  const body = JSON.stringify(events);
  const timestamp = "1790000000";
  const signature = sign("sha256", Buffer.from(timestamp + body), sendgridKeys.privateKey).toString("base64");
  const headers = {
    "x-twilio-email-event-webhook-signature": signature,
    "x-twilio-email-event-webhook-timestamp": timestamp,
  };
  return sendgrid.read({ headers, body: Buffer.from(tamper(body)) }, sendgridConfig);
}

it("SendGrid: reads what became of our messages, and nothing else", async () => {
  const events = [
    { event: "bounce", type: "bounce", status: "5.1.1", reason: "550 no such user", "smtp-id": ours },
    { event: "bounce", type: "blocked", status: "5.7.1", reason: "550 blocked", "smtp-id": ours },
    { event: "bounce", type: "bounce", reason: "550 no status", "smtp-id": ours },
    { event: "bounce", type: "bounce", status: "5.1.8", reason: "550 your domain", "smtp-id": ours },
    { event: "dropped", reason: "Bounced Address", "smtp-id": ours },
    { event: "deferred", response: "451 later", "smtp-id": ours },
    { event: "delivered", "smtp-id": ours },
    { event: "bounce", type: "bounce", reason: "not ours", "smtp-id": "<somebody@else.example>" },
  ];
  expect(await fromSendgrid(events)).toEqual([
    { of, outcome: "bounced", addressFailed: true, reply: "550 no such user" },
    { of, outcome: "bounced", addressFailed: false, reply: "550 blocked" },
    { of, outcome: "bounced", addressFailed: false, reply: "550 no status" },
    { of, outcome: "bounced", addressFailed: false, reply: "550 your domain" },
    { of, outcome: "bounced", addressFailed: true, reply: "Bounced Address" },
    { of, outcome: "delayed", addressFailed: false, reply: "451 later" },
  ]);
});

it("SendGrid: believes nothing that is not signed as it came", async () => {
  const events = [{ event: "bounce", type: "bounce", "smtp-id": ours }];
  expect(await fromSendgrid(events, (body) => body.replace("bounce", "b0unce"))).toBeUndefined();
  const unsigned = { headers: {}, body: Buffer.from(JSON.stringify(events)) };
  expect(await sendgrid.read(unsigned, sendgridConfig)).toBeUndefined();
});

const topic = "arn:aws:sns:eu-central-1:123456789012:bounces";
const sesConfig = readConfig({ SES_SNS_TOPIC: topic });
const snsKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const fetched: string[] = [];
const ses = sesBy(async (url) => {
  fetched.push(url);
  return snsKeys.publicKey.export({ format: "pem", type: "spki" }).toString();
});

type Sent = Record<string, string>;
function fromSns(fields: Sent, change: (sent: Sent) => Sent = (sent) => sent) {
  const sent: Sent = {
    Type: "Notification",
    MessageId: "1",
    TopicArn: topic,
    Timestamp: "2026-11-28T00:00:00.000Z",
    ...fields,
  };
  const text = Object.keys(sent)
    .sort()
    .map((name) => `${name}\n${sent[name]}\n`)
    .join("");
  const Signature = sign("sha256", Buffer.from(text), snsKeys.privateKey).toString("base64");
  const SigningCertURL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem";
  const body = Buffer.from(
    JSON.stringify(change({ ...sent, SignatureVersion: "2", Signature, SigningCertURL })),
  );
  return ses.read({ headers: {}, body }, sesConfig);
}

const bounce = (bounceType: string, status: string | undefined = "5.1.1") =>
  JSON.stringify({
    notificationType: "Bounce",
    mail: { headers: [{ name: "Message-ID", value: ours }] },
    bounce: {
      bounceType,
      bouncedRecipients: [{ status, diagnosticCode: "smtp; 550 no such user" }],
    },
  });

it("SES: reads bounces of the topic that is configured, and confirms its subscription", async () => {
  const reply = "550 no such user";
  expect(await fromSns({ Message: bounce("Permanent") })).toEqual([
    { of, outcome: "bounced", addressFailed: true, reply },
  ]);
  expect(await fromSns({ Message: bounce("Transient") })).toEqual([
    { of, outcome: "bounced", addressFailed: false, reply },
  ]);
  expect(await fromSns({ Message: bounce("Permanent", "5.7.1") })).toMatchObject([{ addressFailed: false }]);
  const SubscribeURL = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription";
  const confirmation = { Type: "SubscriptionConfirmation", Message: "m", Token: "t", SubscribeURL };
  expect(await fromSns(confirmation)).toEqual([]);
  expect(fetched.at(-1)).toBe(SubscribeURL);
});

it("SES: believes no other topic, no other signer and no changed word", async () => {
  const message = { Message: bounce("Permanent") };
  expect(await fromSns({ ...message, TopicArn: `${topic}-of-somebody-else` })).toBeUndefined();
  expect(await fromSns(message, (sent) => ({ ...sent, Message: bounce("Transient") }))).toBeUndefined();
  const elsewhere = "https://sns.eu-central-1.amazonaws.com.evil.example/key.pem";
  expect(await fromSns(message, (sent) => ({ ...sent, SigningCertURL: elsewhere }))).toBeUndefined();
  expect(fetched).not.toContain(elsewhere);
});

const mailgunKey = "0123456789abcdef0123456789abcdef";
const mailgunConfig = readConfig({ MAILGUN_WEBHOOK_KEY: mailgunKey });
const hmac = (text: string, key = mailgunKey) => createHmac("sha256", key).update(text).digest("hex");

type MailgunSignature = Record<string, string>;
function fromMailgun(
  event: object,
  change: (signature: MailgunSignature) => MailgunSignature = (one) => one,
) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = change({ timestamp, token: "token", signature: hmac(`${timestamp}token`) });
  const body = Buffer.from(JSON.stringify({ signature, "event-data": event }));
  return mailgun.read({ headers: {}, body }, mailgunConfig);
}
const mailgunFailure = (more: object) => ({
  event: "failed",
  severity: "permanent",
  reason: "bounce",
  message: { headers: { "message-id": ours.slice(1, -1) } },
  ...more,
});

it("Mailgun: reads what became of our messages, and nothing else", async () => {
  const said = (message: string, code = 550) => ({ "delivery-status": { code, message } });
  const gone = { of, outcome: "bounced", addressFailed: true };
  const read = (more: object) => fromMailgun(mailgunFailure(more));
  expect(await read(said("5.1.1 no such user"))).toEqual([{ ...gone, reply: "550 5.1.1 no such user" }]);
  expect(await read(said("550 5.1.1 no such user"))).toEqual([{ ...gone, reply: "550 5.1.1 no such user" }]);
  expect(await read(said("5.7.1 we do not like you"))).toMatchObject([{ addressFailed: false }]);
  const before = "Not delivering to previously bounced address";
  const suppressed = { reason: "suppress-bounce", "delivery-status": { code: 605, description: before } };
  expect(await read(suppressed)).toEqual([{ ...gone, reply: before }]);
  expect(await read({ severity: "temporary", ...said("4.2.2 full", 452) })).toEqual([
    { of, outcome: "delayed", addressFailed: false, reply: "452 4.2.2 full" },
  ]);
  expect(await read({ event: "delivered" })).toEqual([]);
  expect(await read({ message: { headers: { "message-id": "somebody@else.example" } } })).toEqual([]);
});

it("Mailgun: believes no other signer, no other time or token, and nothing old", async () => {
  const event = mailgunFailure({});
  const at = (seconds: number) => (one: MailgunSignature) => {
    const timestamp = String(Math.floor(Date.now() / 1000) + seconds);
    return { ...one, timestamp, signature: hmac(`${timestamp}token`) };
  };
  expect(await fromMailgun(event, at(-8 * 3_600))).toHaveLength(1);
  for (const change of [
    at(-10 * 3_600),
    at(3_600),
    (one: MailgunSignature) => ({ ...one, token: "another" }),
    (one: MailgunSignature) => ({ ...one, timestamp: String(Number(one.timestamp) - 1) }),
    (one: MailgunSignature) => ({ ...one, signature: hmac(`${one.timestamp}token`, "x".repeat(32)) }),
  ])
    expect(await fromMailgun(event, change)).toBeUndefined();
  await expect(fromMailgun(event, () => ({}))).rejects.toThrow();
  // Of a subaccount, by the key of the account it belongs to.
  const ofSubaccount = (one: MailgunSignature) => ({
    ...one,
    signature: hmac(`${one.timestamp}token`, "x".repeat(32)),
    "parent-signature": one.signature ?? "",
  });
  expect(await fromMailgun(event, ofSubaccount)).toHaveLength(1);
});
