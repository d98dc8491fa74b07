import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { tokenOf } from "#tests/support/links.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type Answer, type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestPerson, type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

let muster: TestInstallation;
let tenant: TestTenant;
let sink: SmtpSink;

beforeAll(async () => {
  sink = await smtpSink();
  muster = await testInstallation({ SMTP_URL: sink.url, SMTP_CONNECTIONS: "1", LOG_LEVEL: "silent" });
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

/** Whatever was put together is looked at again when it goes, however quickly that is. */
const mail = mailJobs(messageKinds, { ...unhurriedTiming, freshMs: 0 });
const deliver = () =>
  mail.find((job) => job.name === "mail.deliver")?.run({ tenantId: tenant.id }, muster.services);

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
  await muster.database.query("update messages set due_at = now() - interval '1 second' where user_id = $1", [
    user.id,
  ]);
  sink.onRecipient = () => ({ code: 550, words: "5.1.1 nobody" });
  await deliver();
  expect((await credential(user.id))?.sealed_password).toBeNull();
  const seen = await tenant.owner.call<{ mail: object }>("GET", `/users/${user.id}`);
  expect(seen.body.mail).toMatchObject({ state: "refused", lastReply: "550 5.1.1 nobody" });
});

it("marks an address that the mail server says is nobody's, and no other that it refuses", async () => {
  const [gone, full] = [await add("invite"), await add("invite")];
  sink.onRecipient = (address) =>
    address === gone.email ? { code: 550, words: "5.1.1 nobody" } : { code: 552, words: "5.2.2 full" };
  await deliver();
  const failureOf = async (id: string) =>
    (await tenant.owner.call<{ mailFailure: { reply: string } | null }>("GET", `/users/${id}`)).body
      .mailFailure;
  expect(await failureOf(gone.id)).toMatchObject({ reply: "550 5.1.1 nobody" });
  expect(await failureOf(full.id)).toBeNull();
  const events = await muster.database.query(
    "select target_id from audit_events where action = 'user.mail_failed' and target_id = any($1)",
    [[gone.id, full.id]],
  );
  expect(events).toEqual([{ target_id: gone.id }]);
  sink.onRecipient = () => "accept";
  for (const { id } of [gone, full]) await tenant.owner.call("POST", `/users/${id}/invitation/resend`);
  await deliver();
  expect(sink.mails.map(({ recipient }) => recipient)).toEqual([full.email]);
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

const messagesOf = (userId: string) =>
  muster.database.query<{ kind: string; state: string }>(
    "select kind, state from messages where user_id = $1 order by id",
    [userId],
  );

const resend = async (userId: string) =>
  expect((await tenant.owner.call("POST", `/users/${userId}/credentials/resend`)).status).toBe(200);

const correctAddress = async (userId: string, email: string) => {
  const { body } = await tenant.owner.call<{ version: number }>("GET", `/users/${userId}`);
  const answer = await tenant.owner.call("PATCH", `/users/${userId}`, { version: body.version, email });
  expect(answer.status).toBe(200);
};

const mailsTo = (email: string) => sink.mails.filter((mail) => mail.recipient === email);
const signIn = async (email: string) =>
  (await visitor(muster, tenant.slug).signIn(email, "correct horse battery")).status;

/** Runs `meanwhile` while the mail server has a message to this address in hand, which it then answers. */
async function whileInHand(email: string, meanwhile: () => Promise<unknown>, answer: Answer = "accept") {
  const inHand = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<Answer>();
  let asked = 0;
  sink.onRecipient = (address) => {
    if (address !== email || asked++ > 0) return "accept";
    inHand.resolve();
    return letGo.promise;
  };
  const delivery = deliver();
  await inHand.promise;
  await meanwhile();
  letGo.resolve(answer);
  await delivery;
}

const nobody: Answer = { code: 550, words: "5.1.1 nobody" };
const full: Answer = { code: 552, words: "5.2.2 full" };

it("keeps the password for the email that was sent again while the first, refused in the end, was in flight", async () => {
  const user = await add("create");
  await whileInHand(user.email, () => resend(user.id), full);
  await deliver();
  expect(await messagesOf(user.id)).toEqual([
    { kind: "user.created", state: "refused" },
    { kind: "user.created", state: "accepted" },
  ]);
  expect(mailsTo(user.email).at(-1)?.text).toContain("correct horse battery");
  expect((await credential(user.id))?.sealed_password).toBeNull();
});

it("sends a link to set a password where the password is gone", async () => {
  const user = await add("create");
  await muster.database.query("update credentials set sealed_password = null where user_id = $1", [user.id]);
  await deliver();
  await deliver();
  expect(await messagesOf(user.id)).toEqual([
    { kind: "user.created", state: "withdrawn" },
    { kind: "user.set_password", state: "accepted" },
  ]);
  expect(mailsTo(user.email).map((mail) => mail.subject)).toEqual(["Set your password for Tenant northwind"]);
});

it("sends one whose seal does not open a link to set a password, and the others theirs", async () => {
  const [broken, whole] = [await add("create"), await add("create")];
  await muster.database.query("update credentials set sealed_password = '\\x00' where user_id = $1", [
    broken.id,
  ]);
  await deliver();
  await deliver();
  expect(mailsTo(whole.email)[0]?.text).toContain("correct horse battery");
  expect(mailsTo(broken.email).map((mail) => mail.subject)).toEqual([
    "Set your password for Tenant northwind",
  ]);
  expect((await credential(broken.id))?.sealed_password).toBeNull();
});

it("resends a link to set a password where the seal does not open", async () => {
  const user = await add("create");
  await muster.database.query("update credentials set sealed_password = '\\x00' where user_id = $1", [
    user.id,
  ]);
  await resend(user.id);
  await deliver();
  expect((await messagesOf(user.id)).at(-1)).toEqual({ kind: "user.set_password", state: "accepted" });
});

it("makes a temporary password worthless that went to an address which is corrected then", async () => {
  const user = await add("create");
  await deliver();
  const session = visitor(muster, tenant.slug);
  expect((await session.signIn(user.email, "correct horse battery")).status).toBe(200);
  await correctAddress(user.id, `right.${user.email}`);
  expect((await session.call("GET", "/me")).status).toBe(401);
  expect(await signIn(`right.${user.email}`)).toBe(401);
  await deliver();
  const [mail] = mailsTo(`right.${user.email}`);
  expect(mail?.subject).toBe("Set your password for Tenant northwind");
  expect(mail?.text).toContain("/link#set_password.");
});

it("does the same for somebody suspended, whose link goes when they are let in again", async () => {
  const user = await add("create");
  await deliver();
  await tenant.owner.call("POST", `/users/${user.id}/suspend`);
  await correctAddress(user.id, `right.${user.email}`);
  await deliver();
  expect(mailsTo(`right.${user.email}`)).toHaveLength(0);
  await tenant.owner.call("POST", `/users/${user.id}/reactivate`);
  expect(await signIn(`right.${user.email}`)).toBe(401);
  await deliver();
  expect(mailsTo(`right.${user.email}`)[0]?.text).toContain("/link#set_password.");
});

it("leaves the password of whoever chose their own as it is when their address changes", async () => {
  const person = await tenant.person("member");
  await correctAddress(person.id, `right.${person.email}`);
  expect(await signIn(`right.${person.email}`)).toBe(200);
  expect(await messagesOf(person.id)).toEqual([]);
});

it("lets an address be corrected while the email is in flight, and a refusal take nothing away", async () => {
  const user = await add("create");
  const correct = async () => {
    await correctAddress(user.id, `right.${user.email}`);
    await resend(user.id);
  };
  await whileInHand(user.email, correct, nobody);
  await deliver();
  expect(mailsTo(`right.${user.email}`).map((mail) => mail.subject)).toEqual([
    "Set your password for Tenant northwind",
  ]);
});

it("sends nothing out of date: what was claimed and put together already is looked at again before it goes", async () => {
  const first = await add("invite");
  const [suspended, deleted, corrected] = [await add("create"), await add("create"), await add("create")];
  await whileInHand(first.email, async () => {
    const claimed = await muster.database.query(
      "select 1 from messages where state = 'sending' and user_id = any($1)",
      [[suspended.id, deleted.id, corrected.id]],
    );
    expect(claimed).toHaveLength(3);
    await tenant.owner.call("POST", `/users/${suspended.id}/suspend`);
    await tenant.owner.call("DELETE", `/users/${deleted.id}`);
    await correctAddress(corrected.id, `right.${corrected.email}`);
  });
  await deliver();
  expect(sink.mails.map((mail) => [mail.recipient, mail.subject])).toEqual([
    [first.email, "Tenant northwind invites you: set your password"],
    [`right.${corrected.email}`, "Set your password for Tenant northwind"],
  ]);
  expect(await messagesOf(corrected.id)).toEqual([
    { kind: "user.created", state: "withdrawn" },
    { kind: "user.set_password", state: "accepted" },
  ]);
});

it("follows the tenant's settings: days, sender's name, where answers go", async () => {
  await choose({
    invitationDays: 3,
    temporaryPasswordDays: 2,
    senderName: "North IT",
    replyTo: "it@north.example",
  });
  const [created, invited] = [await add("create"), await add("invite")];
  await deliver();
  await choose({ invitationDays: 7, temporaryPasswordDays: 7, senderName: "", replyTo: "" });
  expect(Number((await credential(created.id))?.days)).toBeCloseTo(2, 1);
  const mail = sink.mails.find(({ recipient }) => recipient === invited.email);
  const [token] = /invitation\.\S+/.exec(mail?.text ?? "") ?? [];
  const { body } = await tenant.owner.call<{ expiresAt: string }>("POST", "/links/check", { token });
  expect((Date.parse(body.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(3, 1);
  expect(mail?.from?.text).toBe('"North IT" <no-reply@muster.example>');
  expect(mail?.replyTo?.text).toBe("it@north.example");
});

it("sends no password where the tenant wants none sent: one link instead, and the seal is erased", async () => {
  const user = await add("create");
  await choose({ sendPasswords: false });
  await deliver();
  await deliver();
  await choose({ sendPasswords: true });
  expect(sink.mails.map(({ recipient }) => recipient)).toEqual([user.email]);
  expect(sink.mails[0]?.text).toMatch(/link#set_password\./);
  expect(sink.mails[0]?.text).not.toContain("correct horse battery");
  expect((await credential(user.id))?.sealed_password).toBeNull();
  expect(
    await muster.database.query("select kind, state from messages where user_id = $1 order by id", [user.id]),
  ).toEqual([
    { kind: "user.created", state: "withdrawn" },
    { kind: "user.set_password", state: "accepted" },
  ]);
});

it("writes in the user's language, else the tenant's, and dates in the tenant's time zone", async () => {
  await choose({ language: "de", timeZone: "Europe/Berlin" });
  const [theirs, usual, changed] = [
    await add("invite", { language: "es" }),
    await add("invite"),
    await add("invite"),
  ];
  const { body } = await tenant.owner.call<{ version: number; language: null }>(
    "GET",
    `/users/${changed.id}`,
  );
  expect(body.language).toBeNull();
  const change = { version: body.version, language: "en" };
  expect(await tenant.owner.call("PATCH", `/users/${changed.id}`, change)).toMatchObject({
    status: 200,
    body: { language: "en" },
  });
  await deliver();
  await choose({ language: "en", timeZone: "UTC" });
  const [spanish, german, english] = [theirs, usual, changed].map(({ email }) => mailsTo(email)[0]);
  expect(spanish?.subject).toBe("Tenant northwind le invita: establezca su contraseña");
  expect(spanish?.html).toContain('lang="es"');
  expect(german?.subject).toBe("Tenant northwind lädt Sie ein: Legen Sie Ihr Passwort fest");
  expect(german?.text).toMatch(/bis \S+, \d+\. \S+ \d{4} um \d\d:\d\d (MEZ|MESZ)\./);
  expect(english?.text).toMatch(/until \S+, \d+ \S+ \d{4} at \d\d:\d\d (CET|CEST)\./);
});

it("writes in the language somebody has chosen themselves; choosing it is an audit event, once", async () => {
  const member = await tenant.person("member");
  const choice = (language: unknown) => member.call<{ language: unknown }>("PATCH", "/me", { language });
  expect(await choice("de")).toMatchObject({ status: 200, body: { id: member.id, language: "de" } });
  expect((await choice("de")).status).toBe(200);
  expect((await choice("fr")).status).toBe(400);
  const change = { currentPassword: testPassword, newPassword: "seven yellow bicycles" };
  const changed = await member.call("POST", "/me/password", change);
  await mail.find((job) => job.name === "mail.deliver_first")?.run({ tenantId: tenant.id }, muster.services);
  expect(mailsTo(member.email).map(({ subject }) => subject)).toEqual([
    "Ihr Passwort für Tenant northwind wurde geändert",
  ]);
  const again = await visitor(muster, tenant.slug).signIn(member.email, change.newPassword);
  expect([changed.body, again.body]).toMatchObject([{ language: "de" }, { language: "de" }]);
  const { body } = await tenant.owner.call<{ items: { action: string }[] }>(
    "GET",
    `/audit?target=${member.id}&action=user.changed`,
  );
  expect(body.items).toMatchObject([
    { actor: { id: member.id }, changes: { language: { before: null, after: "de" } } },
  ]);
});

it("tells whoever changed their password, unless the tenant wants no such email", async () => {
  const change = async (person: TestPerson, currentPassword: string, newPassword: string) =>
    expect((await person.call("POST", "/me/password", { currentPassword, newPassword })).status).toBe(200);
  const [told, untold] = [await tenant.person("member"), await tenant.person("member")];
  await change(told, testPassword, "seven yellow bicycles");
  await choose({ passwordNotice: false });
  await change(untold, testPassword, "seven yellow bicycles");
  await choose({ passwordNotice: true });
  await mail.find((job) => job.name === "mail.deliver_first")?.run({ tenantId: tenant.id }, muster.services);
  expect(sink.mails.map(({ recipient, subject }) => [recipient, subject])).toEqual([
    [told.email, "Your password for Tenant northwind was changed"],
  ]);
});

const followLink = async (userId: string, purpose: "reset" | "set_password", password: string) => {
  const token = await tokenOf(tenant, userId, purpose);
  const answer = await visitor(muster, tenant.slug).call("POST", "/links/use", { token, password });
  expect(answer.status).toBe(200);
};

it("tells whoever's password was replaced by a link, and nobody who had none", async () => {
  const [reset, again] = [await tenant.person("member"), await tenant.person("member")];
  const fresh = await add("create");
  await deliver();
  sink.mails.length = 0;
  await visitor(muster, tenant.slug).call("POST", "/password-resets", { email: reset.email });
  for (const { id } of [again, fresh])
    expect((await tenant.owner.call("POST", `/users/${id}/credentials/resend`)).status).toBe(200);
  await followLink(reset.id, "reset", "seven yellow bicycles");
  for (const { id } of [again, fresh]) await followLink(id, "set_password", "seven yellow bicycles");
  await mail.find((job) => job.name === "mail.deliver_first")?.run({ tenantId: tenant.id }, muster.services);
  expect(sink.mails.map(({ recipient }) => recipient).sort()).toEqual([reset.email, again.email].sort());
  for (const { subject } of sink.mails)
    expect(subject).toBe("Your password for Tenant northwind was changed");
});

it("a new password takes back what carries an old one or a link, and no notice", async () => {
  const { id, call, email } = await tenant.person("member");
  await visitor(muster, tenant.slug).call("POST", "/password-resets", { email });
  const change = (currentPassword: string, newPassword: string) =>
    call("POST", "/me/password", { currentPassword, newPassword });
  expect((await change(testPassword, "seven yellow bicycles")).status).toBe(200);
  await visitor(muster, tenant.slug).call("POST", "/password-resets", { email });
  await followLink(id, "reset", "nine green tractors");
  expect(
    await muster.database.query("select kind, state from messages where user_id = $1 order by id", [id]),
  ).toEqual([
    { kind: "password.reset", state: "withdrawn" },
    { kind: "password.changed", state: "queued" },
    { kind: "password.reset", state: "withdrawn" },
    { kind: "password.changed", state: "queued" },
  ]);
});

async function choose(settings: object) {
  const { body } = await tenant.owner.call<{ version: number }>("GET", "/settings");
  const { status } = await tenant.owner.call("PATCH", "/settings", { ...settings, version: body.version });
  expect(status).toBe(200);
}
