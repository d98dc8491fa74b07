import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { writeBounced } from "#server/features/mail/store-reports.ts";
import type { User } from "#server/features/users/contract.ts";
import { invitedWording } from "#server/features/users/wording/invited-wording.ts";
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
beforeEach(async () => {
  sink.mails.length = 0;
  sink.onRecipient = () => "accept";
  tenant = await testTenant(muster);
});
afterAll(async () => {
  await muster.close();
  await sink.stop();
});

const mail = mailJobs(messageKinds, unhurriedTiming);
const deliver = () =>
  mail.find((job) => job.name === "mail.deliver")?.run({ tenantId: tenant.id }, muster.services);

type Preview = { subject: string; html: string; text: string; as: string; outdated: string | null };

/** Invites somebody; answers how their message is shown whenever that is asked. */
async function invite(more: object = {}) {
  const email = `${Math.random().toString(36).slice(2)}@people.example`;
  const person = { mode: "invite", email, firstName: "Eva", lastName: "Berg", groupIds: [], ...more };
  const { id } = (await tenant.owner.call<User>("POST", "/users", person)).body;
  const { items } = (await tenant.owner.call<{ items: Message[] }>("GET", `/messages?userId=${id}`)).body;
  const messageId = items[0]?.id ?? "";
  const shown = async () =>
    (await tenant.owner.call<{ preview: Preview }>("GET", `/messages/${messageId}`)).body.preview;
  return { id, email, messageId, shown };
}

async function sayHeading(heading: string, language: "en" | "de" = "en") {
  const path = `/wordings/user.invited/${language}`;
  const { body } = await tenant.owner.call<{
    items: { kind: string; wordings: { language: string; version: number }[] }[];
  }>("GET", "/wordings");
  const ofKind = body.items.find(({ kind }) => kind === "user.invited");
  const version = ofKind?.wordings.find((one) => one.language === language)?.version;
  const wording = { ...invitedWording[language], heading, version };
  expect((await tenant.owner.call("PUT", path, wording)).status).toBe(200);
}

async function changeSettings(settings: object) {
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  expect((await tenant.owner.call("PATCH", "/settings", { version, ...settings })).status).toBe(200);
}

const picture = (filling: number) =>
  Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(64, filling)]);
const chooseLogo = (filling: number) =>
  tenant.owner.upload("/logo", [{ name: "logo.png", content: picture(filling) }]);

/** As if everything so far had been an hour ago. */
async function timePasses() {
  for (const [table, at] of [
    ["letter_changes", "from_at"],
    ["messages", "finished_at"],
  ])
    await muster.database.query(
      `update ${table} set ${at} = ${at} - interval '1 hour' where tenant_id = $1`,
      [tenant.id],
    );
}

it("shows what was sent as it was, whatever was changed since, and what was not sent as it would be now", async () => {
  await sayHeading("First words");
  await changeSettings({ name: "Northwind", accent: "#0e5b75" });
  await chooseLogo(1);
  await timePasses();
  const early = await invite();
  await deliver();
  const sent = sink.mails.find(({ recipient }) => recipient === early.email);
  expect(sent?.text).toContain("First words");

  await sayHeading("Second words");
  await changeSettings({ name: "Southwind", accent: "#7a1f1f", replyTo: "help@southwind.example" });
  await chooseLogo(2);
  await timePasses();
  const late = await invite();
  await deliver();
  await sayHeading("Third words");
  await changeSettings({ name: "Eastwind" });
  const waiting = await invite();

  const old = await early.shown();
  expect(old).toMatchObject({ as: "sent", subject: sent?.subject });
  expect(old.text).toContain("First words");
  expect(old.text).toContain("Northwind");
  expect(old.text).not.toMatch(/Southwind|Eastwind|Second|Third|help@/);
  expect(old.html).toContain("background-color:#0e5b75");
  expect(old.html).toContain(`src="data:image/png;base64,${picture(1).toString("base64")}"`);
  expect(old.text).toContain("••••••••");
  expect(old.html + old.text).not.toContain("link#");

  const newer = await late.shown();
  expect(newer).toMatchObject({ as: "sent" });
  expect(newer.text).toContain("Second words");
  expect(newer.text).toContain("go to help@southwind.example.");
  expect(newer.html).toContain("background-color:#7a1f1f");
  expect(newer.html).toContain(`/api/v1/t/${tenant.slug}/logo?`);

  const unsent = await waiting.shown();
  expect(unsent).toMatchObject({ as: "now" });
  expect(unsent.text).toContain("Third words");
  expect(unsent.text).toContain("Eastwind");
});

it("keeps no address for answers that was changed: a preview says that there was one", async () => {
  const without = await invite();
  await deliver();
  await changeSettings({ replyTo: "help@southwind.example" });
  await timePasses();
  const early = await invite();
  await deliver();
  expect((await early.shown()).text).toContain("go to help@southwind.example.");
  await changeSettings({ replyTo: "desk@southwind.example", name: "Southwind" });
  await timePasses();
  expect((await early.shown()).text).toContain("go to ….");
  expect((await without.shown()).text).not.toContain("go to");
  const kept = await muster.database.query("select was from letter_changes where tenant_id = $1", [
    tenant.id,
  ]);
  expect(kept.length).toBeGreaterThan(2);
  expect(JSON.stringify(kept)).not.toContain("southwind.example");
});

it("shows a message that was in hand while the words were changed with those it went with", async () => {
  const inHand = await invite();
  sink.onRecipient = async () => {
    await sayHeading("Changed meanwhile");
    await timePasses();
    return "accept" as const;
  };
  await deliver();
  expect(sink.mails.at(-1)?.text).toContain("Welcome, Eva");
  expect((await inHand.shown()).text).toContain("Welcome, Eva");
  sink.onRecipient = () => "accept";
  await sayHeading("Changed again");
  // Committed a moment ago: by the time alone these words would not hold yet.
  const next = await invite();
  await deliver();
  await sayHeading("And again");
  expect((await next.shown()).text).toContain("Changed again");
});

it("shows one that came back with the words it went with, not with those of when it came back", async () => {
  const message = await invite();
  await deliver();
  await sayHeading("After it went");
  await timePasses();
  await tenant.run((ctx) => writeBounced(ctx.tx, { ...ctx, messageId: message.messageId, reply: "gone" }));
  const shown = await message.shown();
  expect(shown).toMatchObject({ as: "sent" });
  expect(shown.text).toContain("Welcome, Eva");
});

it("speaks the language of its person also when it would not be sent any more", async () => {
  const german = await invite({ language: "de" });
  await deliver();
  await tenant.owner.call("POST", `/users/${german.id}/suspend`);
  const shown = await german.shown();
  expect(shown.outdated).toContain("suspended");
  expect(shown.text).toContain("Willkommen, Eva Berg");
});

it("keeps nothing for a message that is sent while nothing changes, and each logo once", async () => {
  await chooseLogo(1);
  for (const filling of [2, 1, 2]) await chooseLogo(filling);
  await timePasses();
  await invite();
  await deliver();
  const count = async (table: string) =>
    (await muster.database.query(`select 1 from ${table} where tenant_id = $1`, [tenant.id])).length;
  expect(await count("message_editions")).toBe(0);
  expect(await count("past_logos")).toBe(2);
  await chooseLogo(2);
  expect(await count("letter_changes")).toBe(4);
  for (let filling = 3; filling < 26; filling += 1) await chooseLogo(filling);
  expect(await count("past_logos")).toBe(20);
});
