import { createHmac } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

let muster: TestInstallation;
let tenant: TestTenant;
let sink: SmtpSink;
const key = "0123456789abcdef0123456789abcdef";

beforeAll(async () => {
  sink = await smtpSink();
  muster = await testInstallation({ SMTP_URL: sink.url, MAILGUN_WEBHOOK_KEY: key, LOG_LEVEL: "silent" });
  tenant = await testTenant(muster);
});
afterAll(async () => {
  await muster.close();
  await sink.stop();
});

const mail = mailJobs(messageKinds, unhurriedTiming);
async function invited() {
  const email = `${Math.random().toString(36).slice(2)}@people.example`;
  const person = { mode: "invite", email, firstName: "Eva", lastName: "Berg", groupIds: [] };
  const { body } = await tenant.owner.call<User>("POST", "/users", person);
  await mail.find(({ name }) => name === "mail.deliver")?.run({ tenantId: tenant.id }, muster.services);
  const messageId = sink.mails.findLast(({ recipient }) => recipient === email)?.messageId ?? "";
  const seen = async () => (await tenant.owner.call<User>("GET", `/users/${body.id}`)).body.mail?.state;
  return { messageId, seen };
}

const timestamp = String(Math.floor(Date.now() / 1000));
const report = (messageId: string, { token, signedBy = key }: { token: string; signedBy?: string }) =>
  muster.http.inject({
    method: "POST",
    url: "/api/v1/bounces/mailgun",
    payload: {
      signature: {
        timestamp,
        token,
        signature: createHmac("sha256", signedBy)
          .update(timestamp + token)
          .digest("hex"),
      },
      "event-data": {
        event: "failed",
        severity: "permanent",
        reason: "bounce",
        "delivery-status": { code: 550, message: "5.1.1 no such user" },
        message: { headers: { "message-id": messageId.slice(1, -1) } },
      },
    },
  });

it("takes in what Mailgun signed, and no second report by the same signature", async () => {
  const [one, other] = [await invited(), await invited()];
  expect((await report(one.messageId, { token: "a" })).statusCode).toBe(204);
  expect(await one.seen()).toBe("bounced");
  const again = await Promise.all([1, 2].map(() => report(other.messageId, { token: "a" })));
  for (const { statusCode, body } of again)
    expect([statusCode, JSON.parse(body).code]).toEqual([406, "bounce.taken_before"]);
  expect(await other.seen()).toBe("accepted");
  expect((await report(other.messageId, { token: "b", signedBy: "y".repeat(32) })).statusCode).toBe(403);
  // A forged one uses up no token.
  expect((await report(other.messageId, { token: "b" })).statusCode).toBe(204);
  expect(await other.seen()).toBe("bounced");
});

it("has a report sent again that comes while the same one is being taken in", async () => {
  const { messageId, seen } = await invited();
  const locking = new pg.Client({
    ...muster.database.connection.superuser,
    options: "-c search_path=muster",
  });
  await locking.connect();
  await locking.query("begin; lock table messages in access exclusive mode");
  const first = report(messageId, { token: "d" });
  await until(async () => {
    const { rows } = await locking.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  }, "it is being taken in");
  const second = await report(messageId, { token: "d" });
  expect([second.statusCode, JSON.parse(second.body).code]).toEqual([503, "bounce.under_way"]);
  expect(second.headers["retry-after"]).toBe("60");
  await locking.end();
  expect((await first).statusCode).toBe(204);
  expect(await seen()).toBe("bounced");
  expect((await report(messageId, { token: "d" })).statusCode).toBe(406);
});

it("counts a report as not taken in where that failed: it is tried again", async () => {
  const { messageId, seen } = await invited();
  await muster.database.query("alter table messages rename to messages_away");
  expect((await report(messageId, { token: "c" })).statusCode).toBe(500);
  await muster.database.query("alter table messages_away rename to messages");
  expect((await report(messageId, { token: "c" })).statusCode).toBe(204);
  expect(await seen()).toBe("bounced");
});

it("has nothing at the address of a provider that nobody configured", async () => {
  const answer = await muster.http.inject({ method: "POST", url: "/api/v1/bounces/sendgrid", payload: [] });
  expect(answer.statusCode).toBe(404);
});
