import { afterAll, beforeAll, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import type { MailServerAnswer, TestEmailAnswer } from "#server/features/mail/contract.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { User } from "#server/features/users/contract.ts";
import { deliveryReport } from "#tests/support/delivery-report.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";

/** Two tenants, each with the same mail server as its own; the installation has none, and no address for bounces. */
let muster: TestInstallation;
let tenant: TestTenant;
let others: TestTenant;
let sink: SmtpSink;

beforeAll(async () => {
  sink = await smtpSink();
  muster = await testInstallation({ MAIL_TENANT_SERVERS: "any", LOG_LEVEL: "silent" });
  [tenant, others] = await Promise.all([testTenant(muster), testTenant(muster)]);
  for (const one of [tenant, others]) expect((await setServer(one)).status).toBe(200);
});
afterAll(async () => {
  await muster.close();
  await sink.stop();
});

const server = (more: object = {}) => ({
  fromAddress: "people@acme.example",
  bounceAddress: "bounces@acme.example",
  host: "127.0.0.1",
  port: Number(new URL(sink.url).port),
  security: "none",
  user: "",
  ...more,
});
async function setServer(of: TestTenant, more: object = {}) {
  const { revision } = (await of.owner.call<MailServerAnswer>("GET", "/mail-server")).body;
  return of.owner.call<MailServerAnswer & { fields: Record<string, string> }>("PUT", "/mail-server", {
    server: server(more),
    revision,
  });
}

const mail = mailJobs(messageKinds, unhurriedTiming);
/** Invites somebody and sends it: who they are, and the envelope sender their email went out with. */
async function invited(of = tenant) {
  const email = `${Math.random().toString(36).slice(2)}@people.example`;
  const person = { mode: "invite", email, firstName: "Eva", lastName: "Berg", groupIds: [] };
  const { body } = await of.owner.call<User>("POST", "/users", person);
  await mail.find(({ name }) => name === "mail.deliver_outside")?.run({ tenantId: of.id }, muster.services);
  const sent = sink.mails.findLast((one) => one.recipient === email);
  return { id: body.id, sent, bounceAddress: sent?.envelopeFrom ?? "" };
}

const report = (source: string, { to, slug = tenant.slug }: { to?: string; slug?: string } = {}) =>
  muster.http.inject({
    method: "POST",
    url: `/api/v1/t/${slug}/bounces${to ? `?to=${to}` : ""}`,
    headers: { "content-type": "message/rfc822" },
    payload: source,
  });
const seen = async (id: string, of = tenant) => (await of.owner.call<User>("GET", `/users/${id}`)).body;

it("gives every email a return address of its own at the tenant's mailbox, the test email too", async () => {
  const [one, two] = [await invited(), await invited()];
  expect(one.bounceAddress).toMatch(/^bounces\+[0-9a-v]{26}\.[0-9a-v]{16}@acme\.example$/);
  expect(one.bounceAddress).not.toBe(two.bounceAddress);
  expect(one.sent?.from?.value[0]?.address).toBe("people@acme.example");
  const tested = await tenant.owner.call<TestEmailAnswer>("POST", "/mail-server/test", { server: server() });
  expect(tested.body.accepted).toBe(true);
  expect(sink.mails.at(-1)?.envelopeFrom).toMatch(/^bounces\+/);
});

it("marks message and address by a report that was sent there, passed on with a plain plus or by its header", async () => {
  const [byQuery, byHeader] = [await invited(), await invited()];
  expect(
    (await report(deliveryReport({ to: "x@y.example" }), { to: byQuery.bounceAddress })).statusCode,
  ).toBe(204);
  expect((await report(deliveryReport({ to: byHeader.bounceAddress.toUpperCase() }))).statusCode).toBe(204);
  for (const { id } of [byQuery, byHeader])
    expect(await seen(id)).toMatchObject({
      mail: { state: "bounced", lastReply: "550 5.1.1 no such person here" },
      mailFailure: { reply: "550 5.1.1 no such person here" },
    });
});

it("does nothing for another tenant's message, a forged seal, or a message that is known by its id alone", async () => {
  const [ours, theirs] = [await invited(), await invited(others)];
  const [, message, seal] = /\+(\w+)\.(\w+)@/.exec(ours.bounceAddress) ?? [];
  const [, theirMessage, theirSeal] = /\+(\w+)\.(\w+)@/.exec(theirs.bounceAddress) ?? [];
  const forged = [
    theirs.bounceAddress,
    `bounces+${theirMessage}.${seal}@acme.example`,
    `bounces+${message}.${theirSeal}@acme.example`,
    `bounces+${message}.${"0".repeat(16)}@acme.example`,
    "bounces@acme.example",
    String(theirs.sent?.messageId),
  ];
  for (const to of forged) {
    const inHeader = await report(
      deliveryReport({ to, returned: `Message-ID: ${ours.sent?.messageId}\r\n\r\nx` }),
    );
    const inQuery = await report(deliveryReport({ to: "x@y.example" }), { to: encodeURIComponent(to) });
    expect([inHeader.statusCode, inQuery.statusCode], to).toEqual([403, 403]);
  }
  // At the other tenant's address its own message is reported; ours is not, nor is anything of a tenant that is not there.
  for (const slug of [others.slug, "nobody"])
    expect((await report(deliveryReport({ to: ours.bounceAddress }), { slug })).statusCode).toBe(403);
  expect(await seen(ours.id)).toMatchObject({ mail: { state: "accepted" }, mailFailure: null });
  expect(await seen(theirs.id, others)).toMatchObject({ mail: { state: "accepted" }, mailFailure: null });
});

it("still takes reports of what went out before the address was changed or removed", async () => {
  const before = await invited();
  await setServer(tenant, { bounceAddress: "returned.mail@acme.example" });
  expect((await invited()).bounceAddress).toMatch(/^returned\.mail\+/);
  await setServer(tenant, { bounceAddress: "" });
  expect((await invited()).bounceAddress).toBe("people@acme.example");
  expect((await report(deliveryReport({ to: before.bounceAddress }))).statusCode).toBe(204);
  expect((await seen(before.id)).mail?.state).toBe("bounced");
  await setServer(tenant);
});

it.each([
  ["more than fits with what is added", `${"b".repeat(21)}@acme.example`],
  ["no address", "bounces"],
  ["what an envelope cannot hold", "bücherei@acme.example"],
])("refuses %s, at its field", async (_what, bounceAddress) => {
  const refused = await setServer(tenant, { bounceAddress });
  expect(refused.status).toBe(400);
  expect(Object.keys(refused.body.fields)).toEqual(["server.bounceAddress"]);
});

it("takes a mailbox of twenty characters: what a mail server must take, to the last one", async () => {
  await setServer(tenant, { bounceAddress: `${"b".repeat(20)}@acme.example` });
  const { bounceAddress } = await invited();
  expect(bounceAddress.indexOf("@")).toBe(64);
  expect((await report(deliveryReport({ to: bounceAddress }))).statusCode).toBe(204);
  const { items } = (
    await tenant.owner.call<{ items: { action: string; fields: string[] }[] }>("GET", "/audit")
  ).body;
  expect(items.find(({ action }) => action === "tenant.mail_server_changed")?.fields).toEqual([
    "bounceAddress",
  ]);
});
