import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { messageKinds } from "#server/app.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { quickTiming } from "#tests/support/mail.ts";
import { type Certificate, selfSigned } from "#tests/support/self-signed.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import type { Message } from "../../messages/contract.ts";
import type { MailServerAnswer, TestEmailAnswer } from "../contract.ts";
import { mailJobs } from "../jobs.ts";
import { withdrawMessages } from "../withdraw-messages.ts";

/** The mail server of the installation, and one that a tenant has of its own. */
let common: SmtpSink;
let own: SmtpSink;
let installation: TestInstallation;
let tenant: TestTenant;
let other: TestTenant;

beforeAll(async () => {
  [common, own] = await Promise.all([smtpSink(), smtpSink({ login: true })]);
  installation = await testInstallation({
    SMTP_URL: common.url,
    SMTP_CONNECTIONS: "2",
    MAIL_FROM: "Muster <muster@installation.example>",
    MAIL_BOUNCE_ADDRESS: "bounces@installation.example",
    MAIL_TENANT_SERVERS: "any",
    LOG_LEVEL: "silent",
  });
  await installation.startJobs({ ...quickTiming, replyMs: 600_000 });
});
afterAll(async () => {
  await installation?.close();
  await Promise.all([common?.stop(), own?.stop()]);
});
beforeEach(async () => {
  [tenant, other] = await Promise.all([testTenant(installation), testTenant(installation)]);
});
afterEach(() => {
  own.onLogin = () => "accept";
  own.onRecipient = () => "accept";
  common.onRecipient = () => "accept";
  installation.instance.config.mailTenantServers = "any";
});

const server = (more: object = {}) => ({
  fromAddress: "people@northwind.example",
  host: "127.0.0.1",
  port: Number(new URL(own.url).port),
  security: "none",
  user: "muster",
  password: "a secret of ours",
  ...more,
});
const current = async (of = tenant) => (await of.owner.call<MailServerAnswer>("GET", "/mail-server")).body;
const put = async (chosen: object | null, of = tenant) =>
  of.owner.call<MailServerAnswer & { code: string; fields: Record<string, string> }>("PUT", "/mail-server", {
    server: chosen,
    revision: (await current(of)).revision,
  });

let people = 0;
/** Invites somebody, and waits until their email is with one of the servers. */
async function invite(of: TestTenant) {
  people += 1;
  const email = `person${people}@people.example`;
  const person = { mode: "invite", firstName: "Ann", lastName: "Example", email, groupIds: [] };
  expect((await of.owner.call("POST", "/users", person)).status).toBe(201);
  return email;
}
const arrived = (sink: SmtpSink, email: string) =>
  expect
    .poll(() => sink.mails.find(({ recipient }) => recipient === email), { timeout: 10_000 })
    .toBeDefined()
    .then(() => sink.mails.find(({ recipient }) => recipient === email));
const messageTo = async (email: string) =>
  (
    await installation.database.query<{ state: string; last_reply: string | null }>(
      "select m.state, m.last_reply from messages m join users u on u.id = m.user_id where u.email = $1",
      [email],
    )
  )[0];

describe("a tenant's own mail server", () => {
  test("sends in the tenant's name; others go by the installation's, as does the tenant when it is removed", async () => {
    expect(await current()).toMatchObject({
      server: null,
      revision: null,
      installation: { fromAddress: "muster@installation.example", sends: true },
    });
    expect((await put(server())).status).toBe(200);
    const mail = await arrived(own, await invite(tenant));
    expect(mail?.from?.value).toEqual([
      { name: `Tenant ${tenant.slug}`, address: "people@northwind.example" },
    ]);
    // It may speak for its own addresses only.
    expect(mail?.envelopeFrom).toBe("people@northwind.example");

    const others = await arrived(common, await invite(other));
    expect(others?.from?.value[0]?.address).toBe("muster@installation.example");
    expect(others?.envelopeFrom).toMatch(/^bounces\+/);

    expect((await put(null)).body.server).toBeNull();
    await arrived(common, await invite(tenant));
  });

  test("keeps its password to itself", async () => {
    const saved = await put(server());
    const { password: _, ...shown } = server() as ReturnType<typeof server> & { password: string };
    expect(saved.body.server).toEqual({ ...shown, bounceAddress: "", passwordSet: true });
    const rows = await installation.database.query<{ kept: string }>(
      `select s::text || encode(s.sealed_password, 'escape') as kept from mail_servers s where tenant_id = $1
       union all select e::text from audit_events e where tenant_id = $1
       union all select p::text from audit_personal p where tenant_id = $1`,
      [tenant.id],
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const { kept } of rows) expect(kept).not.toContain("a secret of ours");
    const events = await tenant.owner.call<{ items: { action: string; fields: string[] }[] }>(
      "GET",
      "/audit",
    );
    const event = events.body.items.find(({ action }) => action === "tenant.mail_server_changed");
    const fields = ["bounceAddress", "fromAddress", "host", "password", "port", "security", "user"];
    expect(event?.fields.sort()).toEqual(fields);
  });

  test("a password that is kept goes nowhere but where it was typed for", async () => {
    await put(server());
    const { password: _, ...kept } = server() as ReturnType<typeof server> & { password: string };
    expect((await put({ ...kept, fromAddress: "other@northwind.example" })).status).toBe(200);
    for (const elsewhere of [{ host: "localhost" }, { port: 2525 }, { user: "root" }, { security: "tls" }]) {
      const refused = await put({ ...kept, ...elsewhere });
      expect(refused).toMatchObject({ status: 422, body: { code: "mail_server.password_missing" } });
      expect(refused.body.fields["server.password"]).toContain("again");
      const tried = await tenant.owner.call("POST", "/mail-server/test", {
        server: { ...kept, ...elsewhere },
      });
      expect(tried.status).toBe(422);
    }
    expect((await put({ ...kept, user: "" })).body.server).toMatchObject({ user: "", passwordSet: false });
  });

  test("of two changes at once the second is told", async () => {
    const { revision } = (await put(server())).body;
    await put(server({ port: 2525 }));
    const late = await tenant.owner.call("PUT", "/mail-server", { server: null, revision });
    expect(late).toMatchObject({ status: 409, body: { code: "changed_meanwhile" } });
  });

  test("that refuses logins holds up its tenant's emails alone, and they go once it is mended", async () => {
    own.onLogin = (_user, password) =>
      password === "the right one" ? "accept" : { code: 535, words: "5.7.8 no such login" };
    await put(server());
    const email = await invite(tenant);
    await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
    expect((await messageTo(email))?.last_reply).toContain("5.7.8 no such login");
    await arrived(common, await invite(other));
    await put(server({ password: "the right one" }));
    await arrived(own, email);
  });

  test("is waited for less long than the installation's, which its tenant has not chosen", async () => {
    own.onRecipient = () => "hang";
    await put(server());
    const email = await invite(tenant);
    await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
    expect((await messageTo(email))?.last_reply).toContain("did not answer in time");
  });

  test("is not connected to where its name leads inside, whatever was saved", async () => {
    await put(server({ host: "localhost" }));
    installation.instance.config.mailTenantServers = "public";
    const email = await invite(tenant);
    await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
    expect((await messageTo(email))?.last_reply).toContain("not on the internet");
    expect(own.mails.find(({ recipient }) => recipient === email)).toBeUndefined();
  });
});

describe("a tenant's own mail server over TLS", () => {
  const [ours, elsewhere, old] = [
    selfSigned("127.0.0.1"),
    selfSigned("mail.elsewhere.example"),
    selfSigned("127.0.0.1", { from: -9, until: -2 }),
  ];
  const strangers = selfSigned("127.0.0.1");
  const usual = getCACertificates("default");
  beforeAll(() => setDefaultCACertificates([...usual, ours.cert, elsewhere.cert, old.cert]));
  afterAll(() => setDefaultCACertificates(usual));
  const sinks: SmtpSink[] = [];
  afterEach(async () => {
    for (const sink of sinks.splice(0)) await sink.stop();
  });
  const speaking = async (begins: "tls" | "starttls", certificate: Certificate) => {
    const sink = await smtpSink({ login: true, tls: { ...certificate, begins } });
    sinks.push(sink);
    return { sink, chosen: server({ port: Number(new URL(sink.url).port), security: begins }) };
  };
  const tryOut = async (chosen: object) =>
    (await tenant.owner.call<TestEmailAnswer>("POST", "/mail-server/test", { server: chosen })).body;

  test.each(["tls", "starttls"] as const)(
    "%s: sends, and to no server with a wrong certificate",
    async (begins) => {
      const { sink, chosen } = await speaking(begins, ours);
      const logins: string[] = [];
      sink.onLogin = (user, password) => {
        logins.push(`${user}: ${password}`);
        return "accept";
      };
      const { steps, accepted } = await tryOut(chosen);
      expect(accepted, JSON.stringify(steps)).toBe(true);
      expect(steps.find(({ step }) => step === "secure")?.words).toMatch(/^Encrypted with TLS 1\.[23]\.$/);

      for (const [certificate, words, advice] of [
        [strangers, "its certificate is signed by nobody who is trusted here.", /not one that is trusted/],
        [elsewhere, "its certificate is for another name.", /name as its certificate has it/],
        [old, "its certificate has expired.", /Whoever runs the server/],
      ] as const) {
        const wrong = await speaking(begins, certificate);
        wrong.sink.onLogin = sink.onLogin;
        await put(wrong.chosen);
        const email = await invite(tenant);
        const said = `No secure connection to the mail server 127.0.0.1:${wrong.chosen.port}: ${words}`;
        await expect
          .poll(() => messageTo(email), { timeout: 10_000 })
          .toMatchObject({ state: "deferred", last_reply: said });
        const tried = await tryOut(wrong.chosen);
        expect(tried.steps.at(-1)).toMatchObject({ step: "secure", ok: false, words: said });
        expect(tried.steps.at(-1)?.advice).toMatch(advice);
        expect(wrong.sink.mails).toEqual([]);
      }
      // The password was said to nobody but the right one.
      expect(logins).toEqual(["muster: a secret of ours"]);
      await put(chosen);
      await arrived(sink, await invite(tenant));
      expect(logins.length).toBeGreaterThan(1);
    },
  );

  test("its connections close when they lie idle, the installation's do not, and the next email opens one", async () => {
    const { sink, chosen } = await speaking("tls", ours);
    await put(chosen);
    await arrived(sink, await invite(tenant));
    await arrived(common, await invite(other));
    await expect.poll(() => sink.openConnections(), { timeout: 10_000 }).toBe(0);
    expect(common.openConnections()).toBeGreaterThan(0);
    const before = sink.connections;
    await arrived(sink, await invite(tenant));
    expect(sink.connections).toBe(before + 1);
  });
});

describe("of the roles", () => {
  test("only an owner changes it: what goes by it lets whoever reads it in as anybody, an owner too", async () => {
    await put(server());
    const { revision } = await current();
    const administrator = await tenant.person("administrator");
    for (const chosen of [server({ fromAddress: "mine@northwind.example" }), null]) {
      const refused = await administrator.call("PUT", "/mail-server", { server: chosen, revision });
      expect(refused).toMatchObject({ status: 403, body: { code: "permission.missing" } });
      expect(refused.body).toMatchObject({ detail: expect.stringContaining("Ask an owner") });
    }
    expect(await current()).toMatchObject({ revision, server: { fromAddress: "people@northwind.example" } });
  });

  test("every owner is told of a change, by the installation's server, also when it is removed", async () => {
    const second = await tenant.person("owner");
    const administrator = await tenant.person("administrator");
    const told = ({ email }: { email: string }) =>
      common.mails.filter(
        ({ recipient, subject }) => recipient === email && subject?.startsWith("The mail server of "),
      );
    const { port } = server();
    await put(server());
    await expect.poll(() => [told(tenant.owner), told(second)].map((mails) => mails.length)).toEqual([1, 1]);
    const [mail] = told(second);
    expect(mail?.text).toContain(`Mail server:\n127.0.0.1:${port}\n`);
    expect(mail?.text).toContain(`Changed by:\n${tenant.owner.email}\n`);
    expect(mail?.from?.value[0]?.address).toBe("muster@installation.example");
    await put(server());
    await put(null);
    await expect.poll(() => told(second).length).toBe(2 + 1);
    expect(told(second).at(-1)?.text).toContain("Mail server:\nThat of the installation\n");
    expect(told(administrator)).toEqual([]);
    expect(own.mails.filter(({ recipient }) => recipient === second.email)).toEqual([]);
  });

  test("the notice is a message that the tenant's own server never sees, and that nobody takes back or sends again", async () => {
    common.onRecipient = () => ({ code: 451, words: "4.7.1 Come back later" });
    await put(server());
    const { email } = tenant.owner;
    const notice = async () => {
      const { body } = await tenant.owner.call<{ items: Message[] }>(
        "GET",
        "/messages?kind=mail_server.changed",
      );
      return body.items[0];
    };
    await expect.poll(notice).toMatchObject({
      state: "sending",
      attempts: 1,
      lastReply: "451 4.7.1 Come back later",
      canWithdraw: false,
    });
    const { id = "" } = (await notice()) ?? {};
    const withdrawn = await tenant.owner.call("POST", `/messages/${id}/withdraw`);
    expect(withdrawn).toMatchObject({ status: 409, body: { code: "message.gone" } });
    // What takes back, hastens or sends everything else of theirs leaves it alone.
    expect(await tenant.run((ctx) => withdrawMessages(ctx, [tenant.owner.id]))).toEqual([]);
    const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
    await tenant.owner.call("PATCH", "/settings", { version, replyTo: "elsewhere@northwind.example" });
    await put(server({ fromAddress: "others@northwind.example" }));
    await arrived(own, await invite(tenant));
    expect(await notice()).toMatchObject({ state: "sending" });
    expect(own.mails.filter(({ recipient }) => recipient === email)).toEqual([]);
    common.onRecipient = () => "accept";
    const teller = mailJobs(messageKinds).find(({ name }) => name === "mail_server.tell_owner");
    const tell = () => teller?.run({ tenantId: tenant.id, messageId: id }, installation.services);
    await tell();
    await tell();
    expect(common.mails.filter(({ recipient }) => recipient === email)).toHaveLength(1);
    const { body } = await tenant.owner.call<{
      message: Message;
      preview: { text: string };
      history: object[];
    }>("GET", `/messages/${id}`);
    expect(body.message).toMatchObject({
      state: "accepted",
      attempts: 2,
      recipient: email,
      canResend: false,
    });
    expect(body.history).toMatchObject([{ outcome: "deferred", reply: "451 4.7.1 Come back later" }]);
    const { text, replyTo } = common.mails.find(({ recipient }) => recipient === email) ?? {};
    expect(replyTo).toBeUndefined();
    expect(body.preview.text.trim()).toBe(text?.trim());
    const resent = await tenant.owner.call("POST", `/messages/${id}/resend`);
    expect(resent).toMatchObject({ status: 409, body: { code: "message.sent_once" } });
  });

  test("an administrator tries the one that is saved, and none that they name", async () => {
    await put(server());
    const administrator = await tenant.person("administrator");
    const named = await administrator.call("POST", "/mail-server/test", { server: server() });
    expect(named).toMatchObject({ status: 403, body: { code: "permission.missing" } });
    const { body } = await administrator.call<TestEmailAnswer>("POST", "/mail-server/test", {});
    expect(body).toMatchObject({ to: administrator.email, accepted: true });
    const mails = own.mails.filter(({ recipient }) => recipient === administrator.email);
    expect(mails.map(({ from }) => from?.value[0]?.address)).toEqual(["people@northwind.example"]);
  });
});

describe("the installation's own mail server", () => {
  test.each(["127.0.0.1", "localhost", "::ffff:127.0.0.1"])(
    "takes nothing in another name because it trusts Muster: as %s it is not connected to without a login",
    async (host) => {
      const port = Number(new URL(common.url).port);
      const chosen = server({ host, port, user: "", fromAddress: "chief@elsewhere.example" });
      await put(chosen);
      const email = await invite(tenant);
      await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
      expect((await messageTo(email))?.last_reply).toContain("the installation's own mail server");
      const tried = await tenant.owner.call<TestEmailAnswer>("POST", "/mail-server/test", { server: chosen });
      expect(tried.body).toMatchObject({ accepted: false, steps: [{ step: "connect", ok: false }] });
      expect(common.mails.map(({ envelopeFrom }) => envelopeFrom)).not.toContain("chief@elsewhere.example");
    },
  );
});

describe("what may be chosen", () => {
  const cases: [string, object][] = [
    ["server.host", { host: "127.0.0.1", port: 587, security: "tls" }],
    ["server.host", { host: "169.254.169.254", port: 587, security: "tls" }],
    ["server.host", { host: "::ffff:10.0.0.1", port: 587, security: "tls" }],
    ["server.port", { host: "smtp.example.org", port: 5432, security: "tls" }],
    ["server.security", { host: "smtp.example.org", port: 587, security: "none" }],
  ];
  test.each(cases)("%s of %j is refused where only servers on the internet are", async (field, more) => {
    installation.instance.config.mailTenantServers = "public";
    const refused = await put(server(more));
    expect(refused).toMatchObject({ status: 422, body: { code: "mail_server.not_allowed" } });
    expect(Object.keys(refused.body.fields)).toContain(field);
    const tried = await tenant.owner.call("POST", "/mail-server/test", { server: server(more) });
    expect(tried.status).toBe(422);
  });

  test("a server on the internet is taken", async () => {
    installation.instance.config.mailTenantServers = "public";
    expect((await put(server({ host: "smtp.example.org", port: 587, security: "starttls" }))).status).toBe(
      200,
    );
  });

  test("nothing where the installation says so", async () => {
    installation.instance.config.mailTenantServers = "none";
    expect((await put(server())).body.code).toBe("mail_server.not_allowed");
  });
});

describe("a test email", () => {
  const send = (chosen: object | null, of = tenant) =>
    of.owner.call<TestEmailAnswer>("POST", "/mail-server/test", { server: chosen });

  test("goes to whoever asks for it, by a server that is not saved yet", async () => {
    const { body } = await send(server());
    expect(body).toMatchObject({ to: tenant.owner.email, accepted: true });
    expect(body.steps.map(({ step }) => step)).toEqual(["connect", "secure", "login", "send"]);
    const mail = own.mails.find(({ recipient }) => recipient === tenant.owner.email);
    expect(mail?.from?.value[0]?.address).toBe("people@northwind.example");
    expect(mail?.subject).toBe(`Test email from Tenant ${tenant.slug}`);
    expect((await current()).server).toBeNull();
  });

  test("by the installation's server, of which it tells no more than that it works", async () => {
    const { body } = await send(null);
    expect(body.accepted).toBe(true);
    expect(body.steps.map(({ words }) => words)).toEqual([
      "Connected.",
      "Not encrypted.",
      "No login: none is set.",
      expect.stringMatching(/^The server took the email: 250 /),
    ]);
    expect(common.mails.some(({ recipient }) => recipient === tenant.owner.email)).toBe(true);
  });

  test("by the installation's server, or that it does not", async () => {
    await common.stop();
    const { body } = await send(null);
    await common.start();
    expect(body).toEqual({
      to: tenant.owner.email,
      accepted: false,
      steps: [
        {
          step: "connect",
          ok: false,
          words: "The mail server cannot be reached.",
          advice: "Tell whoever runs Muster: its log says what was wrong.",
        },
      ],
    });
  });

  test("with the password that is kept", async () => {
    own.onLogin = (_user, password) =>
      password === "a secret of ours" ? "accept" : { code: 535, words: "5.7.8 no such login" };
    await put(server());
    const { password: _, ...kept } = server() as ReturnType<typeof server> & { password: string };
    expect((await send(kept)).body.accepted).toBe(true);
    const wrong = await send({ ...kept, password: "guessed" });
    expect(wrong.body).toMatchObject({ accepted: false });
    expect(wrong.body.steps.at(-1)).toMatchObject({ step: "login", ok: false });
  });

  test("is recorded, with the server and whether that took it", async () => {
    await send(server());
    await send(null);
    await send(server({ port: 1 }));
    const { body } = await tenant.owner.call<{ items: { action: string; details: object }[] }>(
      "GET",
      "/audit?action=tenant.test_email",
    );
    const { port } = server();
    expect(body.items.map(({ action, details }) => [action, details])).toEqual([
      ["tenant.test_email_failed", { server: "127.0.0.1:1" }],
      ["tenant.test_email_sent", { server: "installation" }],
      ["tenant.test_email_sent", { server: `127.0.0.1:${port}` }],
    ]);
  });

  test("goes to no address that email came back from, and counts among what an address gets a day", async () => {
    const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
    await tenant.owner.call("PATCH", "/settings", { mailsPerAddress: 2, version });
    await installation.database.query(
      `insert into messages (tenant_id, id, user_id, kind, state, due_at, created_at, finished_at, recipient_key)
       select $1, gen_random_uuid(), id, 'user.invited', 'accepted', now(), now(), now(), email_key from users where id = $2`,
      [tenant.id, tenant.owner.id],
    );
    expect((await send(server({ port: 1 }))).body.accepted).toBe(false);
    expect((await send(server())).body.accepted).toBe(true);
    const third = await send(server());
    expect(third).toMatchObject({ status: 429, body: { code: "mail.address_limit" } });
    await installation.database.query("update users set mail_failed_at = now() where id = $1", [
      tenant.owner.id,
    ]);
    expect(await send(server())).toMatchObject({ status: 409, body: { code: "user.mail_failed" } });
    expect(own.mails.filter(({ recipient }) => recipient === tenant.owner.email)).toHaveLength(1);
  });

  test("ten in a quarter of an hour, of each tenant", async () => {
    const closed = server({ port: 1 });
    for (let n = 0; n < 10; n += 1) expect((await send(closed)).status).toBe(200);
    expect((await send(closed)).status).toBe(429);
    expect((await send(closed, other)).status).toBe(200);
  });
});
