import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { invitedWording } from "#server/features/users/wording/invited-wording.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import type { WordingAnswer, WordingsAnswer } from "../contract.ts";
import type { Wording } from "../shapes.ts";

let muster: TestInstallation;
let tenant: TestTenant;
let sink: SmtpSink;

beforeAll(async () => {
  sink = await smtpSink();
  muster = await testInstallation({ SMTP_URL: sink.url, SMTP_CONNECTIONS: "1", LOG_LEVEL: "silent" });
});
beforeEach(async () => {
  sink.mails.length = 0;
  tenant = await testTenant(muster);
});
afterAll(async () => {
  await muster.close();
  await sink.stop();
});

type Refused = WordingAnswer & { code?: string; fields?: Record<string, string> };

const invitation = "/wordings/user.invited";
const change = (wording: Partial<Wording>, version = 0, language: "en" | "de" | "es" = "en") =>
  tenant.owner.call<Refused>("PUT", `${invitation}/${language}`, {
    ...invitedWording[language],
    ...wording,
    version,
  });
const read = async (language = "en") => {
  const { body } = await tenant.owner.call<WordingsAnswer>("GET", "/wordings");
  const ofKind = body.items.find(({ kind }) => kind === "user.invited");
  return ofKind?.wordings.find((one) => one.language === language);
};
const preview = (wording: Partial<Wording>) =>
  tenant.owner.call<Refused & { subject: string; html: string; text: string }>(
    "POST",
    `${invitation}/en/preview`,
    { ...invitedWording.en, ...wording },
  );

const mail = mailJobs(messageKinds, unhurriedTiming);
async function inviteMail(more: object = {}) {
  const email = `${Math.random().toString(36).slice(2)}@north.example`;
  const person = { mode: "invite", email, firstName: "Eva", lastName: "Berg", groupIds: [], ...more };
  expect((await tenant.owner.call("POST", "/users", person)).status).toBe(201);
  await mail.find((job) => job.name === "mail.deliver")?.run({ tenantId: tenant.id }, muster.services);
  return sink.mails.find(({ recipient }) => recipient === email);
}

it("lists every kind in every language, with what may be named in it", async () => {
  const { body } = await tenant.owner.call<WordingsAnswer>("GET", "/wordings");
  // But the notices that the mail server or a second factor was changed: whoever did it may be whoever words emails.
  const kinds = messageKinds.filter(({ apart, assured }) => !apart && !assured).map(({ kind }) => kind);
  // Files of tests share their worker's modules: another may have kinds of its own.
  const listed = body.items.map(({ kind }) => kind).filter((kind) => !kind.startsWith("test."));
  expect(listed).toEqual(kinds);
  const invited = body.items.find(({ kind }) => kind === "user.invited");
  expect(invited?.placeholders.map(({ name }) => name)).toEqual([
    "firstName",
    "lastName",
    "email",
    "organisation",
    "signInAddress",
    "validUntil",
  ]);
  expect(invited?.wordings.map(({ language }) => language)).toEqual(["en", "de", "es"]);
  expect(await read("de")).toEqual({
    language: "de",
    usual: invitedWording.de,
    said: invitedWording.de,
    version: 0,
  });
});

it("sends what the tenant says, in that language alone, also in emails that waited; and the rest as usual", async () => {
  const changed = await change({
    subject: "{{firstName}}, come to {{organisation}}",
    intro: "We are looking forward to you.\r\nReally.\n\n<b>Bring</b> a pen & “paper”, {{lastName}}.",
    button: "Come in",
  });
  expect(changed.status).toBe(200);
  const email = await inviteMail({ firstName: "Eva\u00a0Maria" });
  expect(email?.subject).toBe(`Eva Maria, come to Tenant ${tenant.slug}`);
  expect(email?.text).toContain(
    "We are looking forward to you.\nReally.\n\n<b>Bring</b> a pen & “paper”, Berg.\n",
  );
  expect(email?.text).toMatch(/Come in:\nhttp:\/\/muster\.example\/\S+#invitation\./);
  expect(email?.html).toContain("&lt;b&gt;Bring&lt;/b&gt; a pen &amp; “paper”, Berg.");
  expect(email?.html).toContain("looking forward to you.<br/>Really.");
  expect(email?.text).toContain("The link is yours alone and works once");
  expect((await inviteMail({ language: "de" }))?.subject).toContain("lädt Sie ein");
  const others = await testTenant(muster);
  const { body } = await others.owner.call<WordingsAnswer>("GET", "/wordings");
  expect(JSON.stringify(body)).not.toContain("come to {{organisation}}");
});

it("is as usual again with one call, and what was usual was never kept", async () => {
  expect((await change({ button: "Come in" })).body).toMatchObject({
    version: 1,
    said: { button: "Come in" },
  });
  const [row] = await muster.database.query<{ words: object }>(
    "select words from mail_wordings where tenant_id = $1",
    [tenant.id],
  );
  expect(row?.words).toEqual({ button: "Come in" });
  const reset = await tenant.owner.call<WordingAnswer>("DELETE", `${invitation}/en`);
  expect(reset).toMatchObject({ status: 200, body: { version: 2, said: invitedWording.en } });
  expect((await inviteMail())?.text).toContain("Set your password:");
});

it("tells the second of two at once, and records before and after", async () => {
  const both = await Promise.all([change({ heading: "One" }), change({ heading: "Two" })]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const won = both[0]?.status === 200 ? "One" : "Two";
  expect(await read()).toMatchObject({ version: 1, said: { heading: won } });
  const { body } = await tenant.owner.call<{ items: object[] }>(
    "GET",
    "/audit?action=tenant.wording_changed",
  );
  expect(body.items).toMatchObject([
    {
      details: { kind: "user.invited", language: "en" },
      changes: { heading: { before: "Welcome, {{firstName}}", after: won } },
    },
  ]);
});

it.each<[string, keyof Wording, string, string]>([
  [
    "an unknown placeholder",
    "intro",
    "Hello {{fristName}}",
    "There is no {{fristName}} in this email. You can use {{firstName}}, ",
  ],
  ["a password", "intro", "Use {{password}}", "There is no {{password}}"],
  ["the link", "subject", "Go to {{link}}", "There is no {{link}}"],
  ["one that every object has", "closing", "{{constructor}}", "There is no {{constructor}}"],
  ["one with spaces", "heading", "Hello {{ firstName }}", "There is no {{ firstName }}"],
  ["one that is not closed", "heading", "Hello {{firstName}", "two braces"],
  ["one in another", "heading", "{{first{{firstName}}Name}}", "two braces"],
])("refuses %s, at its field, with what there is", async (_what, part, text, words) => {
  for (const answer of [await change({ [part]: text }), await preview({ [part]: text })]) {
    expect(answer).toMatchObject({ status: 422, body: { code: "wording.unknown_placeholder" } });
    expect(Object.keys(answer.body.fields ?? {})).toEqual([part]);
    expect(answer.body.fields?.[part]).toContain(words);
  }
  expect((await read())?.version).toBe(0);
});

it.each<[keyof Wording, string]>([
  ["subject", "Hello\r\nBcc: everybody@example.org"],
  ["subject", "Hello\u2028Bcc: everybody@example.org"],
  ["subject", "Hello\u0000"],
  ["subject", " "],
  ["subject", "x".repeat(201)],
  ["heading", "Hello\nthere"],
  ["button", "Go\nthere"],
  ["button", ""],
  ["intro", ""],
  ["intro", "Ring the bell\u0007"],
  ["closing", "x".repeat(4001)],
])("refuses as %s what is none: %j", async (part, text) => {
  const { status, body } = await change({ [part]: text });
  expect(status).toBe(400);
  expect(Object.keys(body.fields ?? {})).toEqual([part]);
});

it("lets nothing that somebody is called into the headers", async () => {
  await change({ subject: "{{lastName}}: {{organisation}}" });
  const email = await inviteMail();
  await muster.database.query("update users set last_name = $2 where tenant_id = $1 and email = $3", [
    tenant.id,
    "Berg\r\nBcc: everybody@example.org",
    email?.recipient,
  ]);
  await muster.database.query("update messages set state = 'queued', due_at = now() where tenant_id = $1", [
    tenant.id,
  ]);
  await mail.find((job) => job.name === "mail.deliver")?.run({ tenantId: tenant.id }, muster.services);
  const again = sink.mails.at(-1);
  expect(again).not.toBe(email);
  expect(again?.subject).toBe(`Berg Bcc: everybody@example.org: Tenant ${tenant.slug}`);
  expect(again?.bcc).toBeUndefined();
});

it("says what is usual where what is kept cannot be read", async () => {
  await change({ heading: "Mine", button: "Mine" });
  await muster.database.query(
    `update mail_wordings set words = '{"heading": "Hello {{fromTheFuture}}", "button": "Mine", "intro": 7}'
      where tenant_id = $1`,
    [tenant.id],
  );
  const email = await inviteMail();
  expect(email?.text).toContain("Welcome, Eva\n");
  expect(email?.text).toContain("Mine:\n");
});

it("previews what is typed, and keeps nothing: somebody who does not exist, the tenant's look, no secret", async () => {
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  const look = { accent: "#ffcc00", replyTo: "help@north.example", timeZone: "Asia/Tokyo", version };
  expect((await tenant.owner.call("PATCH", "/settings", look)).status).toBe(200);
  const { status, body } = await preview({ subject: "For {{firstName}} {{lastName}}", button: "Enter" });
  expect(status).toBe(200);
  expect(body.subject).toBe("For Eva Berg");
  expect(body.text).toContain("Enter:\n••••••••\n");
  expect(body.text).toContain("GMT+9");
  expect(body.text).toContain("eva.berg@example.org by the people portal of");
  expect(body.text).toContain("go to help@north.example.");
  // Nobody could read white on that yellow.
  expect(body.html).not.toContain("#ffcc00");
  expect(body.html).toMatch(/background-color:#[0-9a-f]{6};border-radius:6px;font-size:16px/);
  expect((await read())?.version).toBe(0);
});

it("previews until when a link works as long as the organisation lets it", async () => {
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  const answer = await tenant.owner.call("PATCH", "/settings", { invitationDays: 14, version });
  expect(answer.status).toBe(200);
  const before = Date.now();
  const { text } = (await preview({})).body;
  const [, day = ""] = /until \w+, (\d+ \w+ \d{4})/.exec(text) ?? [];
  expect((Date.parse(`${day} UTC`) - before) / 86_400_000).toBeGreaterThan(13);
});

it("previews every kind in every language", async () => {
  const { body } = await tenant.owner.call<WordingsAnswer>("GET", "/wordings");
  for (const { kind, wordings } of body.items) {
    for (const { language, usual } of wordings) {
      const path = `/wordings/${kind}/${language}/preview`;
      const answer = await tenant.owner.call<{ text: string }>("POST", path, usual);
      expect(answer.status, path).toBe(200);
      expect(answer.body.text).not.toContain("{{");
    }
  }
});

it("shows the logo beside the name, to be had from any mail program", async () => {
  await muster.database.query(
    "insert into tenant_logos (tenant_id, media_type, content, digest) values ($1, 'image/png', '\\x00', 'abc')",
    [tenant.id],
  );
  const email = await inviteMail();
  const [, address = ""] = /<img src="([^"]+)" alt=""/.exec(String(email?.html)) ?? [];
  expect(address).toBe(`http://muster.example/api/v1/t/${tenant.slug}/logo?abc`);
  expect(email?.text).not.toContain("logo");
  const answer = await muster.http.inject({ url: new URL(address).pathname });
  expect(answer.headers["cross-origin-resource-policy"]).toBe("cross-origin");
});

it("is for those who may change settings; others look at it, or do not see it", async () => {
  const [auditor, helper] = [await tenant.person("auditor"), await tenant.person("user_administrator")];
  const wanted = { ...invitedWording.en, version: 0 };
  expect((await auditor.call("GET", "/wordings")).status).toBe(200);
  expect((await auditor.call("PUT", `${invitation}/en`, wanted)).status).toBe(403);
  expect((await helper.call("GET", "/wordings")).status).toBe(403);
  for (const kind of ["no.such", "mail_server.changed", "second_factor.added"])
    expect((await tenant.owner.call("PUT", `/wordings/${kind}/en`, wanted)).status).toBe(404);
});
