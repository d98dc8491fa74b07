import { afterAll, beforeAll, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { User } from "#server/features/users/contract.ts";
import { deliveryReport } from "#tests/support/delivery-report.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";

let muster: TestInstallation;
let tenant: TestTenant;
let others: TestTenant;
let sink: SmtpSink;

beforeAll(async () => {
  sink = await smtpSink();
  muster = await testInstallation({
    SMTP_URL: sink.url,
    MAIL_BOUNCE_ADDRESS: "bounces@mail.example.org",
    LOG_LEVEL: "silent",
  });
  tenant = await testTenant(muster);
  others = await testTenant(muster);
});
afterAll(async () => {
  await muster.close();
  await sink.stop();
});

const mail = mailJobs(messageKinds, unhurriedTiming);
const run = (name: string, of = tenant) =>
  mail.find((job) => job.name === name)?.run({ tenantId: of.id }, muster.services);
const deliver = (of = tenant) => run("mail.deliver", of);

/** Invites somebody and sends it: who they are, and the envelope sender their email went out with. */
async function invited(of = tenant) {
  const email = `${Math.random().toString(36).slice(2)}@people.example`;
  const person = { mode: "invite", email, firstName: "Eva", lastName: "Berg", groupIds: [] };
  const { body } = await of.owner.call<User>("POST", "/users", person);
  await deliver(of);
  const sent = sink.mails.findLast((one) => one.recipient === email);
  return { id: body.id, email, bounceAddress: sent?.envelopeFrom ?? "", messageId: sent?.messageId ?? "" };
}

const report = (source: string | Buffer, to?: string) =>
  muster.http.inject({
    method: "POST",
    url: `/api/v1/bounces${to ? `?to=${encodeURIComponent(to)}` : ""}`,
    headers: { "content-type": "message/rfc822" },
    payload: source,
  });

const seen = async (id: string, of = tenant) => (await of.owner.call<User>("GET", `/users/${id}`)).body;
const messagesTo = (id: string) =>
  muster.database.query<{ state: string; last_reply: string | null }>(
    "select state, last_reply from messages where user_id = $1 order by created_at, id",
    [id],
  );

it("gives every email an envelope sender of its own that a mail server must take", async () => {
  const [one, two] = [await invited(), await invited()];
  expect(one.bounceAddress).toMatch(/^bounces\+[0-9a-v.]+@mail\.example\.org$/);
  expect(one.bounceAddress.split("@")[0]?.length).toBeLessThanOrEqual(64);
  expect(one.bounceAddress).not.toBe(two.bounceAddress);
});

it("marks the message and the address where an email came back for good, and sends nothing more there", async () => {
  const { id, bounceAddress } = await invited();
  // Some mail servers write an address as they like.
  const { statusCode } = await report(deliveryReport({ to: bounceAddress.toUpperCase() }));
  expect(statusCode).toBe(204);
  const reply = "550 5.1.1 no such person here";
  expect(await seen(id)).toMatchObject({
    mail: { state: "bounced", lastReply: reply },
    mailFailure: { reply },
  });
  sink.mails.length = 0;
  await tenant.owner.call("POST", `/users/${id}/invitation/resend`);
  await deliver();
  expect(sink.mails).toEqual([]);
  expect((await messagesTo(id)).at(-1)).toMatchObject({
    state: "withdrawn",
    last_reply: expect.stringContaining("came back"),
  });
});

it("sends again once the address is corrected, or the mark is taken away", async () => {
  const corrected = await invited();
  await report(deliveryReport({ to: corrected.bounceAddress }));
  const { version } = await seen(corrected.id);
  const email = `right.${corrected.email}`;
  await tenant.owner.call("PATCH", `/users/${corrected.id}`, { version, email });
  await deliver();
  expect(sink.mails.at(-1)?.recipient).toBe(email);
  expect((await seen(corrected.id)).mailFailure).toBeNull();

  const cleared = await invited();
  await report(deliveryReport({ to: cleared.bounceAddress }));
  const { status } = await tenant.owner.call("POST", `/users/${cleared.id}/mail-failure/clear`);
  expect(status).toBe(204);
  await tenant.owner.call("POST", `/users/${cleared.id}/invitation/resend`);
  await deliver();
  expect(sink.mails.at(-1)?.recipient).toBe(cleared.email);
  // The same report once more says nothing new.
  await report(deliveryReport({ to: cleared.bounceAddress }));
  expect((await seen(cleared.id)).mailFailure).toBeNull();
});

it("never keeps an owner from their own reset", async () => {
  await muster.database.query(
    "update users set mail_failed_at = now(), mail_failed_reply = 'gone' where tenant_id = $1 and role = 'owner'",
    [tenant.id],
  );
  await tenant.owner.call("POST", "/password-resets", { email: tenant.owner.email });
  await run("mail.deliver_first");
  expect(sink.mails.at(-1)).toMatchObject({ recipient: tenant.owner.email });
  await muster.database.query("update users set mail_failed_at = null where tenant_id = $1", [tenant.id]);
});

it("only notes a delay, and a failure that does not lie with the address does not mark it", async () => {
  const delayed = await invited();
  await report(deliveryReport({ to: delayed.bounceAddress, action: "delayed", status: "4.4.1" }));
  expect(await seen(delayed.id)).toMatchObject({ mail: { state: "accepted" }, mailFailure: null });
  const [message] = await muster.database.query<{ id: string }>(
    "select id from messages where user_id = $1",
    [delayed.id],
  );
  const { body } = await tenant.owner.call<{ history: object[] }>("GET", `/messages/${message?.id}`);
  expect(body.history).toMatchObject([{ outcome: "delayed", reply: "550 5.1.1 no such person here" }]);

  const words = "smtp; 550 we do not like you";
  const ofOthers = ["5.7.1", "5.1.8", "5.1.7", "5.2.2", "5.4.4", "5.0.0", "5.5.0", ""];
  for (const status of ofOthers) {
    const refused = await invited();
    await report(deliveryReport({ to: refused.bounceAddress, status, words }));
    expect(await seen(refused.id), status).toMatchObject({ mail: { state: "bounced" }, mailFailure: null });
  }
});

it("marks an address of which the report says that nobody has it, in its status or in the words it passes on", async () => {
  const words = "smtp; 550 5.1.1 no such person";
  for (const status of ["5.1.0", "5.1.6", "5.1.10", "5.2.1", "5.0.0"]) {
    const gone = await invited();
    await report(deliveryReport({ to: gone.bounceAddress, status, words }));
    expect((await seen(gone.id)).mailFailure, status).not.toBeNull();
  }
});

it("marks one that had been taken and was queued again by a kill, and does not send it again", async () => {
  const { id, bounceAddress } = await invited();
  await muster.database.query(
    "update messages set state = 'queued', finished_at = null, attempts = 0 where user_id = $1",
    [id],
  );
  await report(deliveryReport({ to: bounceAddress }));
  expect(await seen(id)).toMatchObject({ mail: { state: "bounced" }, mailFailure: {} });
  sink.mails.length = 0;
  await deliver();
  expect(sink.mails).toEqual([]);
});

it("takes in 20 MB of a returned message without keeping it", async () => {
  const { id, bounceAddress } = await invited();
  const returned = `Subject: large\r\n\r\n${"x".repeat(76)}\r\n`.padEnd(
    20_000_000,
    "long lines of nothing\r\n",
  );
  expect((await report(deliveryReport({ to: bounceAddress, returned }))).statusCode).toBe(204);
  expect((await seen(id)).mail?.state).toBe("bounced");
});

it("believes no report that was not sent to the address of the message it is about", async () => {
  const theirs = await invited(others);
  const ours = await invited();
  const [mailbox = "", domain] = ours.bounceAddress.split("@");
  const [prefix = "", message, seal] = mailbox.split(".");
  const [theirPrefix, theirMessage] = theirs.bounceAddress.split(/[.@]/);
  const forged = [
    // A Message-ID alone, a made-up seal, our seal on a message of theirs, and one address for another tenant.
    `${theirs.messageId}`,
    `${prefix}.${message}.${"0".repeat(seal?.length ?? 16)}@${domain}`,
    `${theirPrefix}.${theirMessage}.${seal}@${domain}`,
    `${theirPrefix}.${message}.${seal}@${domain}`,
    `${prefix}.${theirMessage}.${seal}@${domain}`,
    "bounces@mail.example.org",
  ];
  for (const to of forged) {
    const inHeader = await report(
      deliveryReport({ to, returned: `Message-ID: ${theirs.messageId}\r\n\r\nx` }),
    );
    const inQuery = await report(deliveryReport({ to: "x@y.example" }), to);
    expect([inHeader.statusCode, inQuery.statusCode], to).toEqual([403, 403]);
  }
  expect((await seen(ours.id)).mail?.state).toBe("accepted");
  expect(await seen(theirs.id, others)).toMatchObject({ mail: { state: "accepted" }, mailFailure: null });
});

it("understands the address as a mail server writes it into a URL, with a plain plus", async () => {
  const { id, bounceAddress } = await invited();
  const { statusCode } = await muster.http.inject({
    method: "POST",
    url: `/api/v1/bounces?to=${bounceAddress}`,
    headers: { "content-type": "message/rfc822" },
    payload: deliveryReport({ to: "x@y.example" }),
  });
  expect(statusCode).toBe(204);
  expect((await seen(id)).mail?.state).toBe("bounced");
});

it("makes nothing of what is no report at all", async () => {
  const { id, bounceAddress } = await invited();
  const vacation = `To: ${bounceAddress}\r\nSubject: On holiday\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n`;
  const noise = Buffer.concat([Buffer.from(`To: ${bounceAddress}\r\n\r\n`), Buffer.alloc(100_000, 0xff)]);
  for (const source of [vacation, noise, ""]) {
    expect([204, 403]).toContain((await report(source)).statusCode);
  }
  expect((await seen(id)).mail?.state).toBe("accepted");
});

it("an address that has been corrected since is not marked for what the old one did", async () => {
  const { id, bounceAddress } = await invited();
  const { version } = await seen(id);
  await tenant.owner.call("PATCH", `/users/${id}`, { version, email: `new.${id}@people.example` });
  await report(deliveryReport({ to: bounceAddress }));
  expect((await seen(id)).mailFailure).toBeNull();
});
