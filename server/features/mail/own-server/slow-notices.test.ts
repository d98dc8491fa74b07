import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { quickTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

/** The installation's server, which hangs at owners who are told that their tenant's server was changed. */
let common: SmtpSink;
let installation: TestInstallation;

beforeAll(async () => {
  common = await smtpSink();
  installation = await testInstallation({
    SMTP_URL: common.url,
    MAIL_TENANT_SERVERS: "any",
    LOG_LEVEL: "silent",
  });
});
afterAll(async () => {
  // Before what they hang at is stopped: they are cut off when Muster stops.
  await installation?.close();
  await common?.stop();
});

/** As many as any lane has workers. */
const slowTenants = 4;

test("notices that the installation's server never answers keep no other tenant's emails waiting", async () => {
  const other = await testTenant(installation);
  const hung: string[] = [];
  common.onRecipient = (address) => {
    if (address === other.owner.email || address.startsWith("person@")) return "accept";
    hung.push(address);
    return "hang";
  };
  await installation.startJobs({ ...quickTiming, hangMs: 50, replyMs: 600_000 });
  for (let n = 0; n < slowTenants; n += 1) {
    const tenant = await testTenant(installation);
    const server = {
      fromAddress: "people@slow.example",
      host: "127.0.0.1",
      port: 2525,
      security: "none",
      user: "muster",
      password: "a secret of ours",
    };
    const put = await tenant.owner.call("PUT", "/mail-server", { server, revision: null });
    expect(put.status).toBe(200);
  }
  await until(() => hung.length >= slowTenants, "as many notices hang as there are workers");
  const person = { mode: "invite", firstName: "Ann", lastName: "Example", groupIds: [] };
  for (const email of ["person@one.example", "person@two.example"]) {
    expect((await other.owner.call("POST", "/users", { ...person, email })).status).toBe(201);
    await until(() => common.mails.some(({ recipient }) => recipient === email), `the email to ${email}`);
  }
});
