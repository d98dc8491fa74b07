import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import type { Home } from "#server/features/home/contract.ts";
import { keptInMailbox } from "#server/features/mail/contract.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import type { Message } from "./contract.ts";

let muster: TestInstallation;
let tenant: TestTenant;
let sink: SmtpSink;

beforeAll(async () => {
  sink = await smtpSink();
  muster = await testInstallation({ SMTP_URL: sink.url, LOG_LEVEL: "silent" });
});
afterEach(() => {
  sink.onRecipient = () => "accept";
  sink.mails.length = 0;
});
afterAll(async () => {
  await muster.close();
  await sink.stop();
});

const mail = mailJobs(messageKinds, unhurriedTiming);
const deliver = () =>
  mail.find((job) => job.name === "mail.deliver")?.run({ tenantId: tenant.id }, muster.services);

async function add(mode: "create" | "invite", more: object = {}) {
  const email = `${Math.random().toString(36).slice(2)}@people.example`;
  const password = mode === "create" ? { password: "correct horse battery" } : {};
  const person = { mode, email, firstName: "Eva", lastName: "Berg", groupIds: [], ...password, ...more };
  return (await tenant.owner.call<User>("POST", "/users", person)).body;
}
const list = async (query = "") =>
  (await tenant.owner.call<{ items: Message[]; nextCursor: string | null }>("GET", `/messages${query}`)).body;
const counts = async (query = "") =>
  (await tenant.owner.call<{ states: Record<string, number> }>("GET", `/messages/counts${query}`)).body
    .states;
const refuse = () => {
  sink.onRecipient = () => ({ code: 550, words: "5.2.2 full" });
};

it("finds messages by state, kind, person and time, page by page, and counts them", async () => {
  tenant = await testTenant(muster);
  const [anna] = [await add("invite", { firstName: "Anna" }), await add("create"), await add("create")];
  await deliver();
  const later = await add("invite", { firstName: "Zoë", lastName: "Ågren" });
  expect((await list()).items.map(({ state }) => state)).toEqual([
    "queued",
    "accepted",
    "accepted",
    "accepted",
  ]);
  expect(await counts()).toMatchObject({ queued: 1, accepted: 3, refused: 0 });
  expect((await list("?state=queued")).items.map(({ userId }) => userId)).toEqual([later.id]);
  expect((await list("?kind=user.created")).items).toHaveLength(2);
  expect((await list("?search=agren")).items.map(({ userId }) => userId)).toEqual([later.id]);
  expect(await counts(`?search=${anna?.email}`)).toMatchObject({ accepted: 1, queued: 0 });
  const soon = new Date(Date.now() + 60_000).toISOString();
  expect((await list(`?from=${soon}`)).items).toEqual([]);
  expect((await list(`?before=${soon}`)).items).toHaveLength(4);
  const first = await list("?limit=3");
  const second = await list(`?limit=3&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items]).toHaveLength(4);
  expect(second.nextCursor).toBeNull();
});

it("shows a message that waits for its time as scheduled", async () => {
  tenant = await testTenant(muster);
  const { id } = await add("invite");
  await muster.database.query(
    "update messages set not_before = now() + interval '1 hour', due_at = now() + interval '1 hour' where user_id = $1",
    [id],
  );
  expect((await list("?state=scheduled")).items).toMatchObject([{ userId: id, state: "scheduled" }]);
  expect(await counts()).toMatchObject({ scheduled: 1, queued: 0 });
  expect((await list("?state=queued")).items).toEqual([]);
});

it("shows what a message says, with no password and no link in it, and what was said of it", async () => {
  tenant = await testTenant(muster);
  const created = await add("create");
  const invited = await add("invite");
  sink.onRecipient = () => ({ code: 451, words: "4.7.1 greylisted" });
  await deliver();
  for (const { id } of [created, invited]) {
    const [message] = (await list(`?userId=${id}`)).items;
    const { body } = await tenant.owner.call<{
      history: object[];
      preview: { html: string; text: string; subject: string; outdated: string | null };
    }>("GET", `/messages/${message?.id}`);
    const { html, text } = body.preview;
    expect(html + text).toContain("••••••••");
    expect(html + text).not.toContain("correct horse battery");
    expect(html + text).not.toMatch(/link#/);
    expect(text).toContain("Eva");
    expect(body.history).toMatchObject([{ outcome: "deferred", reply: "451 4.7.1 greylisted" }]);
  }
  await tenant.owner.call("POST", `/users/${invited.id}/suspend`);
  const [gone] = (await list(`?userId=${invited.id}`)).items;
  const { body } = await tenant.owner.call<{ preview: { outdated: string } }>("GET", `/messages/${gone?.id}`);
  expect(body.preview.outdated).toContain("suspended");
});

it("takes back what has not gone, once, and says so of what has", async () => {
  tenant = await testTenant(muster);
  const { id } = await add("invite");
  const [message] = (await list(`?userId=${id}`)).items;
  const withdraw = () => tenant.owner.call<Message>("POST", `/messages/${message?.id}/withdraw`);
  expect((await withdraw()).body).toMatchObject({ state: "withdrawn", canResend: true, canWithdraw: false });
  expect(await withdraw()).toMatchObject({ status: 409, body: { code: "message.gone" } });
  await deliver();
  expect(sink.mails).toEqual([]);
});

it("sends a message again with a link that works", async () => {
  tenant = await testTenant(muster);
  const { id, email } = await add("invite");
  await deliver();
  const [first] = (await list(`?userId=${id}`)).items;
  const again = await tenant.owner.call<Message>("POST", `/messages/${first?.id}/resend`);
  expect(again.body).toMatchObject({ state: "queued", kind: "user.invited" });
  expect(again.body.id).not.toBe(first?.id);
  expect(await tenant.owner.call("POST", `/messages/${again.body.id}/resend`)).toMatchObject({
    status: 409,
    body: { code: "message.not_finished" },
  });
  await deliver();
  const links = sink.mails
    .filter(({ recipient }) => recipient === email)
    .map(({ text }) => /link#\S+/.exec(text ?? "")?.[0]);
  expect(new Set(links).size).toBe(2);
});

it("writes again only to those whose latest message failed, of those that match, and once", async () => {
  tenant = await testTenant(muster);
  refuse();
  const [invited, created] = [await add("invite"), await add("create")];
  const marked = await add("invite");
  await deliver();
  sink.onRecipient = () => "accept";
  const reached = await add("invite");
  await deliver();
  await muster.database.query(
    "update users set mail_failed_at = now(), mail_failed_reply = 'x' where id = $1",
    [marked.id],
  );
  const retry = (body: object) =>
    tenant.owner.call<{ retried: number; more: boolean }>("POST", "/messages/retry-failed", body);
  expect((await retry({ state: "bounced" })).body).toEqual({ retried: 0, more: false });
  expect((await retry({ kind: "user.invited" })).body).toEqual({ retried: 1, more: false });
  const both = await Promise.all([retry({}), retry({})]);
  expect(both.map(({ body }) => body.retried).sort()).toEqual([0, 1]);
  await deliver();
  const mailsTo = (email: string) => sink.mails.filter(({ recipient }) => recipient === email).length;
  expect([invited, created, marked, reached].map(({ email }) => mailsTo(email))).toEqual([1, 1, 0, 1]);
});

it("counts what was kept for want of a mail server apart from what was sent, and writes to whoever still waits for it", async () => {
  tenant = await testTenant(muster);
  const [invited, created, inside, resent] = [
    await add("invite", { firstName: "Anna" }),
    await add("create"),
    await add("create"),
    await add("invite"),
  ];
  await deliver();
  await muster.database.query("update messages set last_reply = $2 where tenant_id = $1", [
    tenant.id,
    keptInMailbox,
  ]);
  sink.mails.length = 0;
  // One found the email in the mailbox and signed in, another was invited once more since.
  await muster.database.query("update users set last_sign_in_at = now() where id = $1", [inside.id]);
  await tenant.owner.call("POST", `/users/${resent.id}/invitation/resend`);
  await deliver();
  expect(await counts()).toMatchObject({ kept: 4, accepted: 1 });
  expect((await list("?state=accepted")).items.map(({ userId }) => userId)).toEqual([resent.id]);
  const home = async () => (await tenant.owner.call<Home>("GET", "/home")).body;
  expect(await home()).toMatchObject({ neverSent: 2, messages: { kept: 4 } });
  const retry = (body: object) => tenant.owner.call("POST", "/messages/retry-failed", body);
  expect((await retry({ state: "kept", search: "anna" })).body).toEqual({ retried: 1, more: false });
  expect((await retry({})).body).toEqual({ retried: 1, more: false });
  await deliver();
  const recipients = sink.mails.map(({ recipient }) => recipient).sort();
  expect(recipients).toEqual([invited, created, resent].map(({ email }) => email).sort());
  expect(await home()).toMatchObject({ neverSent: 0 });
});

it("lets nobody write again to people above them", async () => {
  tenant = await testTenant(muster);
  refuse();
  const above = await add("invite", { role: "administrator" });
  await deliver();
  const helper = await tenant.person("user_administrator");
  expect((await helper.call("POST", "/messages/retry-failed", {})).body).toMatchObject({ retried: 0 });
  const [message] = (await list(`?userId=${above.id}`)).items;
  expect(await helper.call("POST", `/messages/${message?.id}/resend`)).toMatchObject({ status: 403 });
  const auditor = await tenant.person("auditor");
  expect((await auditor.call("GET", `/messages/${message?.id}`)).status).toBe(200);
  expect((await auditor.call("POST", `/messages/${message?.id}/withdraw`)).status).toBe(403);
});
