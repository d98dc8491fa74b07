import { afterAll, beforeAll, expect, test } from "vitest";
import { usualTiming } from "#server/features/mail/sending/timing.ts";
import type { Message } from "#server/features/messages/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf } from "#tests/support/run-import.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

let sink: SmtpSink;
let installation: TestInstallation;
let tenant: TestTenant;

beforeAll(async () => {
  sink = await smtpSink();
  installation = await testInstallation({ SMTP_URL: sink.url });
  tenant = await testTenant(installation);
  // The usual schedule of retries, minutes and hours long; only a server in trouble is not left in peace for long.
  await installation.startJobs({ ...usualTiming, troublePauseMs: 20 });
});
afterAll(async () => {
  await installation?.close();
  await sink?.stop();
});

const messages = async (state: Message["state"]) =>
  (await tenant.owner.call<{ items: Message[] }>("GET", `/messages?limit=200&state=${state}`)).body.items;

/** What the clock would do: the time of the next try has come. */
async function retryNow() {
  await installation.database.query(
    "update messages set due_at = now() - interval '1 second' where state = 'deferred'",
  );
  await installation.services.enqueue("mail.deliver", { tenantId: tenant.id }, { key: "retry now" });
}

const person = (email: string) => ({ firstName: "Eva", lastName: "Berg", email, groupIds: [] });

test("the mail server is down: people are added all the same, and each gets one email when it is back", async () => {
  await sink.stop();
  const { owner } = tenant;
  const created = await owner.call<User>("POST", "/users", {
    ...person("form.created@northwind.example"),
    mode: "create",
    password: "quiet river stone",
  });
  const invited = await owner.call<User>("POST", "/users", {
    ...person("form.invited@northwind.example"),
    mode: "invite",
  });
  expect([created.status, invited.status]).toEqual([201, 201]);
  const people = Array.from({ length: 30 }, (_, n) => `p${n}@northwind.example`);
  const rows = people.map((email, n) => `First,Last,${email},${n < 10 ? `still water ${n} moon` : ""}`);
  const createFile = fileOf(`First name,Last name,Email,Password\n${rows.slice(0, 10).join("\n")}\n`);
  const inviteFile = fileOf(
    `First name,Last name,Email,Groups\n${rows.slice(10).join("\n")}\n`,
    "invite.csv",
  );
  const checked = await checkFiles(owner, createFile, inviteFile);
  const finished = await applyImport(owner, checked.id);
  expect(finished.counts).toMatchObject({ created: 10, invited: 20 });

  const everybody = ["form.created@northwind.example", "form.invited@northwind.example", ...people];
  const deferred = await until(async () => {
    const found = await messages("deferred");
    return found.length === everybody.length && found;
  }, "all messages to be deferred");
  for (const message of deferred) {
    expect(message.lastReply).toMatch(/ECONNREFUSED|connect/i);
    expect(message.attempts).toBeGreaterThan(0);
    expect(Date.parse(message.dueAt ?? "")).toBeGreaterThan(Date.now());
  }
  const shown = (await owner.call<User>("GET", `/users/${created.body.id}`)).body;
  expect(shown.mail).toMatchObject({ state: "deferred", lastReply: expect.stringMatching(/connect/i) });
  const { body: after } = await owner.call("GET", `/imports/${checked.id}`);
  expect(after).toMatchObject({ messages: { deferred: 30, accepted: 0, failed: 0, queued: 0, sending: 0 } });
  expect(sink.mails).toEqual([]);

  await sink.start();
  await retryNow();
  await until(async () => (await messages("accepted")).length === everybody.length, "all to be accepted");
  expect(sink.mails.map((mail) => mail.recipient).sort()).toEqual(everybody.sort());
  expect(await messages("deferred")).toEqual([]);
  const [one] = sink.mails.filter((mail) => mail.recipient === "p3@northwind.example");
  expect(one?.text).toContain("still water 3 moon");
  // Nothing is left to be sent: another turn sends nobody anything.
  await retryNow();
  await until(
    async () =>
      (await installation.database.query("select from graphile_worker.jobs where key = 'retry now'"))
        .length === 0,
    "the turn to be over",
  );
  expect(sink.mails).toHaveLength(everybody.length);
});

test("a server that refuses one address for good: that message is refused, with its words, the others arrive", async () => {
  sink.mails.length = 0;
  sink.onRecipient = (address) =>
    address === "gone@northwind.example" ? { code: 550, words: "5.1.1 No such mailbox" } : "accept";
  for (const email of ["gone@northwind.example", "there@northwind.example"]) {
    await tenant.owner.call("POST", "/users", { ...person(email), mode: "invite" });
  }
  const [refused] = await until(async () => {
    const found = await messages("refused");
    return found.length > 0 && found;
  }, "the message to be refused");
  expect(refused?.lastReply).toContain("No such mailbox");
  await until(() => sink.mails.length > 0, "the other message");
  expect(sink.mails.map((mail) => mail.recipient)).toEqual(["there@northwind.example"]);
});
