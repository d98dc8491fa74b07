import { expect, it } from "vitest";
import { mailToUsers } from "#tests/support/mail-to-users.ts";
import { testPassword } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

const desk = mailToUsers();
const { add, choose, credential, deliver, deliverFirst, mailsTo, messagesOf } = desk;

it("sends a created user what they sign in with, erases the seal and starts the days", async () => {
  const user = await add("create");
  expect((await credential(user.id))?.sealed_password).not.toBeNull();
  await deliver();
  const [mail] = desk.sink.mails;
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
  desk.sink.onRecipient = () => ({ code: 451, words: "4.7.1 later" });
  await deliver();
  expect((await credential(user.id))?.sealed_password).not.toBeNull();
  await desk.muster.database.query(
    "update messages set due_at = now() - interval '1 second' where user_id = $1",
    [user.id],
  );
  desk.sink.onRecipient = () => ({ code: 550, words: "5.1.1 nobody" });
  await deliver();
  expect((await credential(user.id))?.sealed_password).toBeNull();
  const seen = await desk.tenant.owner.call<{ mail: object }>("GET", `/users/${user.id}`);
  expect(seen.body.mail).toMatchObject({ state: "refused", lastReply: "550 5.1.1 nobody" });
});

it("marks an address that the mail server says is nobody's, and no other that it refuses", async () => {
  const [gone, full] = [await add("invite"), await add("invite")];
  desk.sink.onRecipient = (address) =>
    address === gone.email ? { code: 550, words: "5.1.1 nobody" } : { code: 552, words: "5.2.2 full" };
  await deliver();
  const failureOf = async (id: string) =>
    (await desk.tenant.owner.call<{ mailFailure: { reply: string } | null }>("GET", `/users/${id}`)).body
      .mailFailure;
  expect(await failureOf(gone.id)).toMatchObject({ reply: "550 5.1.1 nobody" });
  expect(await failureOf(full.id)).toBeNull();
  const events = await desk.muster.database.query(
    "select target_id from audit_events where action = 'user.mail_failed' and target_id = any($1)",
    [[gone.id, full.id]],
  );
  expect(events).toEqual([{ target_id: gone.id }]);
  desk.sink.onRecipient = () => "accept";
  for (const { id } of [gone, full]) await desk.tenant.owner.call("POST", `/users/${id}/invitation/resend`);
  await deliver();
  expect(desk.sink.mails.map(({ recipient }) => recipient)).toEqual([full.email]);
});

it("sends an invited user one personal link, whose days begin with its acceptance", async () => {
  const user = await add("invite");
  await deliver();
  const [mail] = desk.sink.mails;
  const links = mail?.text?.match(/http:\/\/muster\.example\/t\/northwind\/link#invitation\.\S+/g);
  expect(links).toHaveLength(1);
  expect(mail?.html).toContain(`href="${links?.[0]}"`);
  expect(mail?.text).toContain(user.email);
  expect(mail?.text).toContain("http://muster.example/t/northwind/\n");
  const token = links?.[0]?.split("#")[1];
  const check = await desk.tenant.owner.call<{ email: string; expiresAt: string }>("POST", "/links/check", {
    token,
  });
  expect(check).toMatchObject({ status: 200, body: { email: user.email } });
  const days = (Date.parse(check.body.expiresAt) - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(7, 1);
});

it("sends nothing to somebody suspended or deleted meanwhile", async () => {
  const suspended = await add("create");
  const deleted = await add("invite");
  await desk.muster.database.query("update users set status = 'suspended' where id = $1", [suspended.id]);
  await desk.muster.database.query("update users set deleted_at = now() where id = $1", [deleted.id]);
  await deliver();
  expect(desk.sink.mails).toHaveLength(0);
  const rows = await desk.muster.database.query(
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
  const [mail] = desk.sink.mails;
  expect(mail?.text).toContain("Welcome, {{password}}\n");
  expect(mail?.text).toContain(`Temporary password:\n${password}\n`);
  expect(mail?.html).toContain("&lt;i&gt;&amp;amp;");
  expect(mail?.html).not.toContain("<i>");
  expect(mail?.bcc).toBeUndefined();
  expect([mail?.to].flat()[0]?.value).toHaveLength(1);
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
  const mail = desk.sink.mails.find(({ recipient }) => recipient === invited.email);
  const [token] = /invitation\.\S+/.exec(mail?.text ?? "") ?? [];
  const { body } = await desk.tenant.owner.call<{ expiresAt: string }>("POST", "/links/check", { token });
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
  expect(desk.sink.mails.map(({ recipient }) => recipient)).toEqual([user.email]);
  expect(desk.sink.mails[0]?.text).toMatch(/link#set_password\./);
  expect(desk.sink.mails[0]?.text).not.toContain("correct horse battery");
  expect((await credential(user.id))?.sealed_password).toBeNull();
  expect(await messagesOf(user.id)).toEqual([
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
  const { body } = await desk.tenant.owner.call<{ version: number; language: null }>(
    "GET",
    `/users/${changed.id}`,
  );
  expect(body.language).toBeNull();
  const change = { version: body.version, language: "en" };
  expect(await desk.tenant.owner.call("PATCH", `/users/${changed.id}`, change)).toMatchObject({
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
  const member = await desk.tenant.person("member");
  const choice = (language: unknown) => member.call<{ language: unknown }>("PATCH", "/me", { language });
  expect(await choice("de")).toMatchObject({ status: 200, body: { id: member.id, language: "de" } });
  expect((await choice("de")).status).toBe(200);
  expect((await choice("fr")).status).toBe(400);
  const change = { currentPassword: testPassword, newPassword: "seven yellow bicycles" };
  const changed = await member.call("POST", "/me/password", change);
  await deliverFirst();
  expect(mailsTo(member.email).map(({ subject }) => subject)).toEqual([
    "Ihr Passwort für Tenant northwind wurde geändert",
  ]);
  const again = await visitor(desk.muster, desk.tenant.slug).signIn(member.email, change.newPassword);
  expect([changed.body, again.body]).toMatchObject([{ language: "de" }, { language: "de" }]);
  const { body } = await desk.tenant.owner.call<{ items: { action: string }[] }>(
    "GET",
    `/audit?target=${member.id}&action=user.changed`,
  );
  expect(body.items).toMatchObject([
    { actor: { id: member.id }, changes: { language: { before: null, after: "de" } } },
  ]);
});
