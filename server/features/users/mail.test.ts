import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { jobs } from "#server/app.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";

let muster: TestInstallation;
let tenant: TestTenant;
let sink: SmtpSink;

beforeAll(async () => {
  sink = await smtpSink();
  muster = await testInstallation({ SMTP_URL: sink.url });
  tenant = await testTenant(muster, "northwind");
});
afterEach(() => {
  sink.onRecipient = () => "accept";
  sink.mails.length = 0;
});
afterAll(async () => {
  await muster.close();
  await sink.stop();
});

const deliver = () =>
  jobs.find((job) => job.name === "mail.deliver")?.run({ tenantId: tenant.id }, muster.services);

const add = async (mode: "create" | "invite", more: object = {}) => {
  const email = `${mode}.${Math.random().toString(36).slice(2)}@northwind.example`;
  const password = mode === "create" ? { password: "correct horse battery" } : {};
  const person = { mode, email, firstName: "Eva", lastName: "Berg", groupIds: [], ...password, ...more };
  const { status, body } = await tenant.owner.call<{ id: string }>("POST", "/users", person);
  expect(status).toBe(201);
  return { id: body.id, email };
};

const credential = async (userId: string) =>
  (
    await muster.database.query<{ sealed_password: Buffer | null; expires_at: Date | null; days: number }>(
      "select sealed_password, expires_at, extract(epoch from expires_at - now()) / 86400 as days from credentials where user_id = $1",
      [userId],
    )
  )[0];

it("sends a created user what they sign in with, erases the seal and starts the days", async () => {
  const user = await add("create");
  expect((await credential(user.id))?.sealed_password).not.toBeNull();
  await deliver();
  const [mail] = sink.mails;
  expect(mail?.recipient).toBe(user.email);
  for (const part of ["http://muster.example/t/northwind/", user.email, "correct horse battery"]) {
    expect(mail?.text).toContain(part);
    expect(mail?.html).toContain(part);
  }
  const after = await credential(user.id);
  expect(after?.sealed_password).toBeNull();
  expect(Number(after?.days)).toBeCloseTo(7, 1);
});

it("keeps the seal while its email is deferred, and erases it when it is given up", async () => {
  const user = await add("create");
  sink.onRecipient = () => ({ code: 451, words: "4.7.1 later" });
  await deliver();
  expect((await credential(user.id))?.sealed_password).not.toBeNull();
  await muster.database.query("update messages set due_at = now() where user_id = $1", [user.id]);
  sink.onRecipient = () => ({ code: 550, words: "5.1.1 nobody" });
  await deliver();
  expect((await credential(user.id))?.sealed_password).toBeNull();
  const seen = await tenant.owner.call<{ mail: object }>("GET", `/users/${user.id}`);
  expect(seen.body.mail).toMatchObject({ state: "failed", lastReply: "550 5.1.1 nobody" });
});

it("sends an invited user one personal link, whose days begin with its acceptance", async () => {
  const user = await add("invite");
  await deliver();
  const [mail] = sink.mails;
  const links = mail?.text?.match(/http:\/\/muster\.example\/t\/northwind\/link#invitation\.\S+/g);
  expect(links).toHaveLength(1);
  expect(mail?.html).toContain(`href="${links?.[0]}"`);
  expect(mail?.text).toContain(user.email);
  expect(mail?.text).toContain("http://muster.example/t/northwind/\n");
  const token = links?.[0]?.split("#")[1];
  const check = await tenant.owner.call<{ email: string; expiresAt: string }>("POST", "/links/check", {
    token,
  });
  expect(check).toMatchObject({ status: 200, body: { email: user.email } });
  const days = (Date.parse(check.body.expiresAt) - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(7, 1);
});

it("sends nothing to somebody suspended or deleted meanwhile", async () => {
  const suspended = await add("create");
  const deleted = await add("invite");
  await muster.database.query("update users set status = 'suspended' where id = $1", [suspended.id]);
  await muster.database.query("update users set deleted_at = now() where id = $1", [deleted.id]);
  await deliver();
  expect(sink.mails).toHaveLength(0);
  const rows = await muster.database.query(
    "select state, attempts, last_reply from messages where user_id = any($1)",
    [[suspended.id, deleted.id]],
  );
  const withdrawn = { state: "withdrawn", attempts: 0, last_reply: "The user is suspended or deleted." };
  expect(rows).toEqual([withdrawn, withdrawn]);
  expect((await credential(suspended.id))?.sealed_password).toBeNull();
});

it("takes names and passwords for what they are", async () => {
  const password = 'a "quoted" {{link}} <i>&amp;';
  await add("create", { firstName: "{{password}}", lastName: '<b>"Bcc: x@evil.example', password });
  await deliver();
  const [mail] = sink.mails;
  expect(mail?.text).toContain("Welcome, {{password}}\n");
  expect(mail?.text).toContain(`Temporary password:\n${password}\n`);
  expect(mail?.html).toContain("&lt;i&gt;&amp;amp;");
  expect(mail?.html).not.toContain("<i>");
  expect(mail?.bcc).toBeUndefined();
  expect([mail?.to].flat()[0]?.value).toHaveLength(1);
});
