import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { suspendTenant } from "#server/features/tenants/suspend-tenant.ts";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { invitePeople } from "#tests/support/people.ts";
import { applyImport, checkFiles, fileOf, rowsOfImport, undoImport } from "#tests/support/run-import.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { caller, type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { invitationJobs } from "./jobs.ts";
import { remindInvited } from "./remind-invited.ts";

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

const minutes = 60_000;
const days = 86_400_000;

/** As if so much time had passed: all that has a time is that much older. */
async function pass(ms: number) {
  for (const change of [
    "messages set created_at = created_at - $2::interval, finished_at = finished_at - $2::interval, due_at = due_at - $2::interval",
    "links set made_at = made_at - $2::interval, expires_at = expires_at - $2::interval",
    "reminder_progress set reminded_until = reminded_until - $2::interval",
  ])
    await muster.database.query(`update ${change} where tenant_id = $1`, [tenant.id, `${ms} milliseconds`]);
}
const remind = (most?: number) => tenant.run((ctx) => remindInvited(ctx, most));

const reminders = () =>
  muster.database.query<{ user_id: string; state: string; last_reply: string | null }>(
    "select user_id, state, last_reply from messages where tenant_id = $1 and kind = 'invitation.reminder' order by id",
    [tenant.id],
  );
const howMany = async () => (await reminders()).length;

async function invited(count: number) {
  tenant = await testTenant(muster);
  const people = Array.from({ length: count }, (_, n) => ({ first: `P${n}`, last: "Pending" }));
  const ids = await invitePeople(tenant, people);
  await deliver();
  expect(sink.mails).toHaveLength(count);
  sink.mails.length = 0;
  return ids;
}

it("reminds on each day once, by the link of the invitation, and not after it has expired", async () => {
  const [id = ""] = await invited(1);
  await pass(2 * days - minutes);
  await remind();
  expect(await howMany()).toBe(0);
  await pass(2 * minutes);
  await remind();
  await remind();
  expect(await howMany()).toBe(1);
  const link = () =>
    muster.database.query("select generation, expires_at from links where user_id = $1", [id]);
  const before = await link();
  await deliver();
  const token = /#(invitation\.\S+)/.exec(sink.mails[0]?.text ?? "")?.[1];
  const looked = await caller(muster, `/t/${tenant.slug}`)("POST", "/links/check", { token });
  expect(looked).toMatchObject({ status: 200, body: { purpose: "invitation" } });
  expect(await link()).toEqual(before);
  await pass(3 * days);
  await remind();
  expect(await howMany()).toBe(2);
  await deliver();
  expect(sink.mails).toHaveLength(2);
  // The link worked for seven days.
  await pass(5 * days);
  await remind();
  expect(await howMany()).toBe(2);
  const events = await muster.database.query(
    "select actor_kind, details from audit_events where tenant_id = $1 and action = 'invitations.reminded'",
    [tenant.id],
  );
  expect(events.map(({ details }) => details)).toEqual([{ emails: 1 }, { emails: 1 }]);
});

it("writes one to each with many processes at once, and what was cut off is written by the next", async () => {
  const ids = await invited(60);
  await pass(2 * days + minutes);
  const cutOff = tenant.run(async (ctx) => {
    await remindInvited(ctx);
    throw new Error("killed before the commit");
  });
  await expect(cutOff).rejects.toThrow("killed");
  expect(await howMany()).toBe(0);
  await Promise.all(Array.from({ length: 8 }, () => remind(7)));
  while (await remind(7));
  const written = (await reminders()).map(({ user_id }) => user_id);
  expect(new Set(written)).toEqual(new Set(ids));
  expect(written).toHaveLength(60);
});

it("takes those of one moment together, however small the batch", async () => {
  await invited(10);
  await pass(2 * days + minutes);
  await muster.database.query(
    "update messages set finished_at = date_trunc('second', finished_at) + interval '1 microsecond' where tenant_id = $1",
    [tenant.id],
  );
  while (await remind(3));
  expect(await howMany()).toBe(10);
});

it("reminds nobody who accepted, was revoked, suspended or deleted, whose email came back, or is to hear anyway", async () => {
  const ids = await invited(8);
  const [accepted, revoked, suspended, deleted, failed, resent, twice, open] = ids;
  const sql = muster.database.query;
  await sql("update users set status = 'active' where id = $1", [accepted]);
  for (const path of [`${revoked}/invitation/revoke`, `${suspended}/suspend`, `${resent}/invitation/resend`])
    expect((await tenant.owner.call("POST", `/users/${path}`)).status, path).toBe(200);
  expect((await tenant.owner.call("DELETE", `/users/${deleted}`)).status).toBe(204);
  await sql("update users set mail_failed_at = now() where id = $1", [failed]);
  // The same link was sent twice: it counts from the first time.
  await sql(
    `insert into messages (tenant_id, id, user_id, kind, state, due_at, created_at, finished_at)
     select tenant_id, gen_random_uuid(), user_id, kind, 'accepted', due_at, created_at + interval '1 hour', finished_at + interval '1 hour'
       from messages where user_id = $1`,
    [twice],
  );
  await pass(2 * days + minutes);
  await remind();
  await pass(60 * minutes);
  await remind();
  expect((await reminders()).map(({ user_id }) => user_id).sort()).toEqual([open, twice].sort());
});

it("withdraws a reminder that waits once there is nothing to be reminded of", async () => {
  const [one = "", other = ""] = await invited(2);
  await pass(2 * days + minutes);
  await remind();
  await tenant.owner.call("POST", `/users/${one}/invitation/revoke`);
  await muster.database.query("update links set expires_at = now() where user_id = $1", [other]);
  await deliver();
  expect(sink.mails).toEqual([]);
  expect((await reminders()).map(({ state }) => state)).toEqual(["withdrawn", "withdrawn"]);
});

it("is written to again by a new invitation where the mail server refused the reminder", async () => {
  const [id = ""] = await invited(1);
  await pass(2 * days + minutes);
  await remind();
  sink.onRecipient = () => ({ code: 550, words: "5.2.2 mailbox full" });
  await deliver();
  expect(await reminders()).toMatchObject([{ state: "refused" }]);
  const retried = await tenant.owner.call("POST", "/messages/retry-failed", { kind: "invitation.reminder" });
  expect(retried.body).toMatchObject({ retried: 1 });
  const [link] = await muster.database.query("select generation from links where user_id = $1", [id]);
  expect(link).toEqual({ generation: 2 });
});

it("reminds nobody where it is switched off or the tenant is suspended, and makes up for a day only", async () => {
  await invited(1);
  const change = async (reminderDays: number[]) => {
    const { body } = await tenant.owner.call<{ version: number }>("GET", "/settings");
    const changed = await tenant.owner.call("PATCH", "/settings", { version: body.version, reminderDays });
    expect(changed.status).toBe(200);
  };
  await change([]);
  await pass(2 * days + minutes);
  await remind();
  expect(await howMany()).toBe(0);
  await change([4, 2]);
  await tenant.operate(suspendTenant);
  await remind();
  expect(await howMany()).toBe(0);
  await muster.database.query("update tenants set status = 'active' where id = $1", [tenant.id]);
  await pass(days);
  await remind();
  expect(await howMany()).toBe(0);
  await pass(days);
  await remind();
  expect(await howMany()).toBe(1);
});

it("finds the tenants that have somebody to remind, and gives the worker up after a turn", async () => {
  await invited(3);
  await pass(2 * days + minutes);
  const [remind, find] = invitationJobs;
  await find?.run({}, muster.services);
  const woken = await muster.database.query<{ key: string }>(
    "select key from graphile_worker.jobs where key = $1",
    [`invitations.remind:${tenant.id}`],
  );
  expect(woken.length + (await howMany())).toBeGreaterThan(0);
  await remind?.run({ tenantId: tenant.id }, muster.services);
  expect(await howMany()).toBe(3);
});

it("reminds nobody of an import that holds its emails, counts from when they went, and goes with its undoing", async () => {
  tenant = await testTenant(muster);
  const { owner } = tenant;
  await muster.startJobs();
  const file = fileOf("First name,Last name,Email\nHeld,Person,held@people.example\n");
  const checked = await checkFiles(owner, file);
  expect((await owner.call("PATCH", `/imports/${checked.id}`, { mail: { when: "hold" } })).status).toBe(200);
  await applyImport(owner, checked.id);
  await pass(2 * days + minutes);
  await remind();
  expect(await howMany()).toBe(0);
  expect((await owner.call("POST", `/imports/${checked.id}/mail/release`, {})).status).toBe(200);
  const [row] = await rowsOfImport(owner, checked.id);
  const mailState = async () => (await owner.call<User>("GET", `/users/${row?.userId}`)).body.mail?.state;
  await expect.poll(mailState, { timeout: 10_000 }).toBe("accepted");
  sink.onRecipient = () => ({ code: 451, words: "4.7.1 later" });
  await pass(2 * days + minutes);
  await remind();
  await expect.poll(mailState, { timeout: 10_000 }).toBe("deferred");
  await undoImport(owner, checked.id);
  expect(await reminders()).toMatchObject([
    { state: "withdrawn", last_reply: "Withdrawn: the import was undone." },
  ]);
});
