import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { outgoingMessage } from "#tests/support/outgoing-message.ts";
import { quiet } from "#tests/support/quiet-log.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { openTransport, type Transport } from "./transport.ts";

let sink: SmtpSink;
const open: Transport[] = [];

beforeEach(async () => {
  sink = await smtpSink({ login: true });
});
afterEach(async () => {
  for (const transport of open.splice(0)) transport.close("now");
  await sink.stop();
});

const transportTo = (url = sink.url) => {
  const patience = { connecting: 500, reply: 500, message: 1_500 };
  const transport = openTransport({ server: url, connections: 2, log: quiet, patience });
  open.push(transport);
  return transport;
};

it("hands a message over and keeps the server's words", async () => {
  expect(await transportTo().send(outgoingMessage())).toEqual({
    outcome: "accepted",
    reply: expect.stringMatching(/^250 /),
  });
  const [mail] = sink.mails;
  expect(mail?.messageId).toBe("<1@muster.example>");
  expect(mail?.date).toEqual(new Date("2026-11-22T10:00:00Z"));
  expect(mail?.headers.has("x-mailer")).toBe(false);
});

it("lets no name write a header, and no path or address be read", async () => {
  await transportTo().send(
    outgoingMessage({
      to: { name: 'Eva"\r\nBcc: spy@evil.example\r\n\r\n<b>', address: "eva@northwind.example" },
      from: { name: "North\nwind\r\nReply-To: spy@evil.example", address: "no-reply@muster.example" },
      subject: "Hello\r\nBcc: spy@evil.example\u2028Größe",
    }),
  );
  const [mail] = sink.mails;
  expect(mail?.bcc).toBeUndefined();
  expect(mail?.replyTo).toBeUndefined();
  expect(mail?.source).not.toMatch(/^(bcc|reply-to):/im);
  expect([mail?.to].flat()[0]?.value[0]).toMatchObject({
    address: "eva@northwind.example",
    name: expect.stringContaining("Bcc: spy@evil.example"),
  });
  expect(mail?.subject).toBe("Hello Bcc: spy@evil.example Größe");
  expect(mail?.recipient).toBe("eva@northwind.example");
});

it.each([
  [
    "a refused login",
    () => (sink.onLogin = () => ({ code: 535, words: "5.7.8 wrong password" })),
    /535 5\.7\.8/,
  ],
  [
    "a login not possible now",
    () => (sink.onLogin = () => ({ code: 454, words: "4.7.0 later" })),
    /454 4\.7\.0/,
  ],
  ["a server that hangs at the login", () => (sink.onLogin = () => "hang"), /did not answer in time/],
  ["a connection that breaks", () => (sink.onData = () => "drop"), /closed the connection/],
  [
    "a sender that the server does not want",
    () => (sink.onSender = () => ({ code: 550, words: "5.1.8 sender rejected" })),
    /550 5\.1\.8/,
  ],
  [
    "a server that takes no more of us for now",
    () => (sink.onSender = () => ({ code: 450, words: "4.7.1 Error: too much mail from 192.0.2.1" })),
    /450 4\.7\.1/,
  ],
  [
    "a server that lets us have no more recipients for now",
    () =>
      (sink.onRecipient = () => ({ code: 450, words: "4.7.1 Error: too many recipients from 192.0.2.1" })),
    /450 4\.7\.1/,
  ],
  [
    "a server that closes",
    () => (sink.onRecipient = () => ({ code: 421, words: "4.3.2 going down" })),
    /421/,
  ],
])("defers on %s, and says that it is the server", async (_what, trouble, words) => {
  trouble();
  expect(await transportTo().send(outgoingMessage())).toEqual({
    outcome: "deferred",
    scope: "server",
    reply: expect.stringMatching(words),
  });
});

it.each([
  ["its recipient", () => (sink.onRecipient = () => "hang")],
  ["what it says", () => (sink.onData = () => "hang")],
])("leaves open whose fault it is where the server hangs at %s", async (_what, trouble) => {
  trouble();
  const transport = transportTo();
  expect(await transport.send(outgoingMessage())).toEqual({
    outcome: "deferred",
    scope: "either",
    reply: expect.stringMatching(/did not answer in time/),
  });
});

it("leaves off when it is told to, and not once the last line has been sent", async () => {
  const transport = openTransport({ server: sink.url, connections: 2, log: quiet });
  open.push(transport);
  const [early, late] = [new AbortController(), new AbortController()];
  sink.onRecipient = () => {
    early.abort();
    return "hang";
  };
  expect(await transport.send(outgoingMessage(), undefined, early.signal)).toMatchObject({
    outcome: "deferred",
  });
  sink.onRecipient = () => "accept";
  sink.onData = () => {
    late.abort();
    return "accept";
  };
  expect(await transport.send(outgoingMessage(), undefined, late.signal)).toMatchObject({
    outcome: "accepted",
  });
  expect(sink.mails).toHaveLength(1);
});

it("says in plain words that nobody is there", async () => {
  await sink.stop();
  const reply = expect.stringMatching(/^The mail server 127\.0\.0\.1:\d+ refuses connections/);
  expect(await transportTo().send(outgoingMessage())).toEqual({
    outcome: "deferred",
    scope: "server",
    reply,
  });
  expect(await transportTo().verify()).toEqual(reply);
  const nowhere = transportTo("smtp://mail.muster.invalid:25");
  expect(await nowhere.send(outgoingMessage())).toMatchObject({ outcome: "deferred", scope: "server" });
});

it("tells a message that is deferred from one that is refused", async () => {
  const transport = transportTo();
  sink.onRecipient = () => ({ code: 451, words: "4.7.1 greylisted" });
  expect(await transport.send(outgoingMessage())).toEqual({
    outcome: "deferred",
    scope: "message",
    reply: "451 4.7.1 greylisted",
  });
  sink.onRecipient = () => ({ code: 550, words: "5.1.1 no such person" });
  expect(await transport.send(outgoingMessage())).toEqual({
    outcome: "refused",
    reply: "550 5.1.1 no such person",
    addressFails: true,
  });
  sink.onRecipient = () => "accept";
  sink.onData = () => ({ code: 554, words: "5.6.0 spam" });
  const reply = "554 5.6.0 spam";
  expect(await transport.send(outgoingMessage())).toEqual({ outcome: "refused", reply, addressFails: false });
});

it.each([
  { code: 554, words: "5.7.1 <eva@northwind.example>: Relay access denied" },
  { code: 550, words: "5.1.8 <no-reply@muster.example>: Sender address rejected: Domain not found" },
  { code: 550, words: "relay not permitted" },
])("does not take $words for a word on the message", async (answer) => {
  sink.onRecipient = () => answer;
  const reply = `${answer.code} ${answer.words}`;
  expect(await transportTo().send(outgoingMessage())).toEqual({ outcome: "denied", reply });
});

it.each([
  { code: 550, words: "5.1.1 no such person", addressFails: true },
  { code: 550, words: "5.1.10 the domain takes no email", addressFails: true },
  { code: 550, words: "5.2.1 disabled", addressFails: true },
  { code: 552, words: "5.2.2 full", addressFails: false },
  { code: 550, words: "<relay@northwind.example>: user unknown", addressFails: false },
])("takes $words for one", async ({ addressFails, ...answer }) => {
  sink.onRecipient = () => answer;
  expect(await transportTo().send(outgoingMessage())).toMatchObject({ outcome: "refused", addressFails });
});

it("refuses a message that is too large for the server, and nothing else at its sender", async () => {
  sink.onSender = () => ({ code: 552, words: "5.3.4 too large" });
  expect(await transportTo().send(outgoingMessage())).toMatchObject({ outcome: "refused" });
  sink.onSender = () => ({ code: 452, words: "4.3.4 too large for now" });
  expect(await transportTo().send(outgoingMessage())).toMatchObject({
    outcome: "deferred",
    scope: "message",
  });
});

it("does not mind that the server closed an idle connection", async () => {
  const transport = transportTo();
  expect(await transport.send(outgoingMessage())).toMatchObject({ outcome: "accepted" });
  await sink.stop();
  await sink.start();
  expect(await transport.send(outgoingMessage())).toMatchObject({ outcome: "accepted" });
  expect(await transport.verify()).toBeUndefined();
});

it("takes to another connection what waits for its end, when the server had closed the one that lay idle", async () => {
  const transport = transportTo();
  const noted = Promise.resolve();
  expect(await transport.send(outgoingMessage(), noted)).toMatchObject({ outcome: "accepted" });
  await sink.stop();
  await sink.start();
  expect(await transport.send(outgoingMessage(), noted)).toMatchObject({ outcome: "accepted" });
});

it("hands nothing over before it may end", async () => {
  const noted = Promise.withResolvers<void>();
  const transport = transportTo();
  const sending = transport.send(outgoingMessage(), noted.promise);
  // One that waits for nothing goes past it, on another connection.
  await transport.send(outgoingMessage({ messageId: "<2@muster.example>" }));
  expect(sink.mails.map(({ messageId }) => messageId)).toEqual(["<2@muster.example>"]);
  noted.resolve();
  expect(await sending).toMatchObject({ outcome: "accepted" });
  const notNoted = Promise.reject(new Error("no"));
  notNoted.catch(() => {});
  expect(await transport.send(outgoingMessage(), notNoted)).toMatchObject({
    outcome: "deferred",
    scope: "message",
  });
  expect(sink.mails).toHaveLength(2);
});

it("signs with DKIM where there is a key", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const dkim = {
    domainName: "muster.example",
    keySelector: "key1",
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
  const transport = openTransport({ server: sink.url, connections: 1, dkim, log: quiet });
  open.push(transport);
  expect(await transport.send(outgoingMessage(), Promise.resolve())).toMatchObject({ outcome: "accepted" });
  const { source, headers } = sink.mails[0] ?? {};
  expect(source).toMatch(/^DKIM-Signature: v=1;.*? d=muster\.example;.*? s=key1;/s);
  expect(headers?.has("list-unsubscribe")).toBe(false);
});

it("sends nothing over a secure connection that nobody vouches for, unless told to", async () => {
  const secure = await smtpSink({ tls: true });
  const strict = transportTo(`${secure.url}?tls.rejectUnauthorized=true`);
  const outcome = await strict.send(outgoingMessage());
  expect(outcome).toEqual({
    outcome: "deferred",
    scope: "server",
    reply: expect.stringMatching(/^No secure connection to the mail server/),
  });
  expect(secure.mails).toHaveLength(0);
  // A server on this machine, as Debian sets them up.
  const trusting = transportTo(secure.url);
  expect(await trusting.send(outgoingMessage())).toMatchObject({ outcome: "accepted" });
  await secure.stop();
});

it("told discreetly, what goes wrong names no server; the log does", async () => {
  const logged: object[] = [];
  const log = { ...quiet, warn: (details: object) => void logged.push(details) };
  const { port } = new URL(sink.url);
  await sink.stop();
  for (const host of ["localhost", "127.0.0.1"]) {
    const server = `smtp://muster:secret@${host}:${port}`;
    const transport = openTransport({ server, connections: 1, log, discreet: true });
    open.push(transport);
    expect(await transport.send(outgoingMessage())).toEqual({
      outcome: "deferred",
      scope: "server",
      reply: "The mail server refuses connections: it is not running, or not at this address.",
    });
    expect(logged.pop()).toMatchObject({ server: `${host}:${port}` });
  }
});
