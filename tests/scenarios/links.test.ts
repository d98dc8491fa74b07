import { afterAll, beforeAll, expect, test } from "vitest";
import type { User } from "#server/features/users/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { invitationToken, tokenOf } from "#tests/support/links.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { type Visitor, visitor } from "#tests/support/visitor.ts";

let sink: SmtpSink;
let installation: TestInstallation;
let tenant: TestTenant;
let person: Visitor;

beforeAll(async () => {
  sink = await smtpSink();
  installation = await testInstallation({ SMTP_URL: sink.url });
  tenant = await testTenant(installation);
  person = visitor(installation, tenant.slug);
  await installation.startJobs();
});
afterAll(async () => {
  await installation?.close();
  await sink?.stop();
});

const password = "seven yellow bicycles";
const invite = async (email: string) => {
  const body = { mode: "invite", firstName: "Eva", lastName: "Berg", email };
  return (await tenant.owner.call<User>("POST", "/users", body)).body;
};
const check = (token: string) => person.call("POST", "/links/check", { token });
const use = (token: string, chosen = password) =>
  visitor(installation, tenant.slug).call("POST", "/links/use", { token, password: chosen });
const mailsTo = (recipient: string) => sink.mails.filter((mail) => mail.recipient === recipient);
const resets = () => sink.mails.filter((mail) => mail.subject?.startsWith("Set a new password"));
const inState = async (userId: string, state: string) =>
  (
    await installation.database.query("select 1 from messages where user_id = $1 and state = $2", [
      userId,
      state,
    ])
  ).length;
const linkIn = (text: string | undefined) =>
  decodeURIComponent(/http:\/\/muster\.example\/t\/[\w-]+\/link#(\S+)/.exec(text ?? "")?.[1] ?? "");

test("the link in the email: looked at as often as a mail scanner likes, used once", async () => {
  const { email } = await invite("scanned@northwind.example");
  const [mail] = await until(() => mailsTo(email).length > 0 && mailsTo(email), "the invitation");
  const token = linkIn(mail?.text);
  expect(linkIn(String(mail?.html).replaceAll("&amp;", "&").replace(/"/g, " "))).toBe(token);
  for (let n = 0; n < 5; n += 1) {
    expect(await check(token)).toMatchObject({
      status: 200,
      body: { purpose: "invitation", email, firstName: "Eva" },
    });
  }
  const weak = await use(token, "password");
  expect(weak.status).toBe(400);
  expect(await use(token)).toMatchObject({ status: 200, body: { email, mustChangePassword: false } });
  expect(shortly(await use(token))).toBe("410 link.used");
  expect(shortly(await check(token))).toBe("410 link.used");
  expect((await person.signIn(email, password)).status).toBe(200);
});

test("resending kills the old link; revoking kills the newest", async () => {
  const { id, email } = await invite("resent@northwind.example");
  const old = await invitationToken(tenant, id);
  expect((await tenant.owner.call("POST", `/users/${id}/invitation/resend`)).status).toBe(200);
  const renewed = await invitationToken(tenant, id);
  expect(renewed).not.toBe(old);
  expect(shortly(await check(old))).toBe("410 link.revoked");
  expect(shortly(await use(old))).toBe("410 link.revoked");
  expect((await check(renewed)).status).toBe(200);
  await until(() => mailsTo(email).some((mail) => linkIn(mail.text) === renewed), "the new link's email");

  const revoked = await tenant.owner.call<User>("POST", `/users/${id}/invitation/revoke`);
  expect(revoked.body.invitation).toBe("revoked");
  expect(shortly(await use(renewed))).toBe("410 link.revoked");
  await tenant.owner.call("POST", `/users/${id}/invitation/resend`);
  expect((await use(await invitationToken(tenant, id))).status).toBe(200);
});

test("a link that is too old, made up, or of another tenant says so and does nothing", async () => {
  const { id } = await invite("expired@northwind.example");
  const token = await invitationToken(tenant, id);
  const elsewhere = await testTenant(installation);
  const there = visitor(installation, elsewhere.slug);
  expect(shortly(await there.call("POST", "/links/check", { token }))).toBe("404 link.invalid");
  for (const forged of [
    token.slice(0, -1),
    token.replace(".1.", ".2."),
    token.replace("invitation", "reset"),
    "x",
  ]) {
    expect(shortly(await check(forged)), forged).toBe("404 link.invalid");
  }
  await installation.database.query("update links set expires_at = now() where user_id = $1", [id]);
  expect(shortly(await check(token))).toBe("410 link.expired");
  expect(shortly(await use(token))).toBe("410 link.expired");
  expect((await tenant.owner.call<User>("GET", `/users/${id}`)).body).toMatchObject({
    status: "invited",
    invitation: "expired",
  });
});

test("a suspended or deleted user's link is no link", async () => {
  for (const way of ["suspend", "delete"]) {
    const { id } = await invite(`${way}@northwind.example`);
    const token = await invitationToken(tenant, id);
    if (way === "suspend") await tenant.owner.call("POST", `/users/${id}/suspend`);
    else await tenant.owner.call("DELETE", `/users/${id}`);
    expect(shortly(await use(token)), way).toBe("410 link.revoked");
  }
});

test("a reset goes to the address as it is stored, however it was typed, and ends every session", async () => {
  const stored = "Zoé.García@northwind.example".normalize("NFC");
  const { id } = await invite(stored);
  await until(() => mailsTo(stored).length > 0, "the invitation");
  expect((await use(await invitationToken(tenant, id))).status).toBe(200);
  const signedIn = visitor(installation, tenant.slug);
  await signedIn.signIn(stored, password);
  const typed = "zoé.GARCÍA@NORTHWIND.EXAMPLE".normalize("NFD");
  expect((await person.call("POST", "/password-resets", { email: typed })).status).toBe(202);
  await until(() => resets().length > 0, "the reset");
  expect(resets().map((mail) => mail.recipient)).toEqual([stored]);
  const token = linkIn(resets()[0]?.text);
  expect(token).toBe(await tokenOf(tenant, id, "reset"));
  expect(await check(token)).toMatchObject({ body: { purpose: "reset", email: stored } });
  expect((await use(token, "nine green tractors")).status).toBe(200);
  expect((await signedIn.call("GET", "/me")).status).toBe(401);
  expect((await person.signIn(stored, password)).status).toBe(401);
  expect((await person.signIn(stored, "nine green tractors")).status).toBe(200);
});

test("asking for a reset tells nothing and writes to nobody who is not an active user", async () => {
  const suspended = await tenant.person("member");
  await tenant.owner.call("POST", `/users/${suspended.id}/suspend`);
  sink.mails.length = 0;
  const [known, ...answers] = await Promise.all([
    person.call("POST", "/password-resets", { email: tenant.owner.email }),
    person.call("POST", "/password-resets", { email: "nobody@northwind.example" }),
    person.call("POST", "/password-resets", { email: suspended.email }),
    visitor(installation, "no-such-tenant").call("POST", "/password-resets", { email: suspended.email }),
  ]);
  expect(known).toMatchObject({ status: 202, body: { mailKept: false } });
  for (const answer of answers) expect([answer.status, answer.body]).toEqual([known.status, known.body]);
  await until(() => resets().length > 0, "the owner's reset");
  expect(resets().map((mail) => mail.recipient)).toEqual([tenant.owner.email]);
  expect((await person.signIn(tenant.owner.email, testPassword)).status).toBe(200);
});

test("asking for a reset again and again sends one email, and makes no invitation last longer", async () => {
  const { id, email } = await invite("asked-for@northwind.example");
  const ask = () => person.call("POST", "/password-resets", { email });
  await Promise.all([ask(), ask(), ask()]);
  await until(() => mailsTo(email).length > 0, "the invitation");
  const { database } = installation;
  const messages = () =>
    database.query<{ id: string }>("select id from messages where user_id = $1 and state <> 'withdrawn'", [
      id,
    ]);
  const expiry = async () =>
    (await database.query<{ expires_at: Date }>("select expires_at from links where user_id = $1", [id]))[0]
      ?.expires_at;
  await ask();
  expect(await messages()).toHaveLength(1);
  await until(async () => (await inState(id, "accepted")) === 1, "its acceptance to be noted");
  await ask();
  expect(await messages()).toHaveLength(1);

  // A day later it is sent again: the same link, good until the same day.
  await database.query("update messages set finished_at = now() - interval '1 day' where user_id = $1", [id]);
  await database.query("update links set expires_at = expires_at - interval '1 day' where user_id = $1", [
    id,
  ]);
  const before = await expiry();
  await ask();
  await until(async () => (await inState(id, "accepted")) === 2, "the second email's acceptance");
  expect(mailsTo(email)).toHaveLength(2);
  expect(await expiry()).toEqual(before);
});

test("asking in somebody's name all day has their open link sent at longer and longer intervals, a new one at once", async () => {
  const { database } = installation;
  const member = await tenant.person("member");
  let sent = 0;
  const ask = () => person.call("POST", "/password-resets", { email: member.email });
  /** So many minutes after the last email, while the link stays open. */
  const askAfter = async (minutes: number) => {
    await database.query(
      `update messages set finished_at = finished_at - (l.at - (now() - $2 * interval '1 minute'))
         from (select max(finished_at) as at from messages where user_id = $1) l
        where user_id = $1`,
      [member.id, minutes],
    );
    await ask();
    const [row] = await database.query<{ all: number }>(
      "select count(*)::int as all from messages where user_id = $1",
      [member.id],
    );
    return row?.all;
  };
  const arrives = async () => {
    sent += 1;
    await until(async () => (await inState(member.id, "accepted")) === sent, `reset ${sent}`);
  };
  await ask();
  await arrives();
  for (const [early, late] of [
    [14, 16],
    [59, 61],
    [119, 121],
  ] as const) {
    expect(await askAfter(early)).toBe(sent);
    expect(await askAfter(late)).toBe(sent + 1);
    await arrives();
  }
  expect(await askAfter(10)).toBe(sent);
  await database.query("update links set expires_at = now() where user_id = $1", [member.id]);
  expect(await askAfter(11)).toBe(sent + 1);
});

test("a reset that was asked for twice is one email", async () => {
  const member = await tenant.person("member");
  const ask = () => person.call("POST", "/password-resets", { email: member.email });
  await Promise.all([ask(), ask()]);
  await until(async () => (await inState(member.id, "accepted")) === 1, "the reset");
  await ask();
  expect(mailsTo(member.email)).toHaveLength(1);
  // Whoever has used it and asks again needs another one.
  expect((await use(await tokenOf(tenant, member.id, "reset"))).status).toBe(200);
  await ask();
  await until(() => resets().filter((mail) => mail.recipient === member.email).length === 2, "another reset");
});
