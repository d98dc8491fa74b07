import { afterAll, beforeAll, expect, test } from "vitest";
import { commonServer } from "#tests/support/common-server.ts";
import { quickTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

/** As many as any lane has workers, and more. */
const slowTenants = 8;

const { common, installation, chooseServer } = commonServer();
let slow: SmtpSink;
let hung: string[];

beforeAll(async () => {
  slow = await smtpSink({ login: true });
  hung = [];
  slow.onRecipient = (address) => {
    hung.push(address);
    return "hang";
  };
});
// What hangs ends with the server it hangs at.
afterAll(() => slow?.stop());

const invite = async (tenant: TestTenant, email: string) => {
  const person = { mode: "invite", firstName: "Ann", lastName: "Example", email, groupIds: [] };
  expect((await tenant.owner.call("POST", "/users", person)).status).toBe(201);
};
const askForReset = (tenant: TestTenant) =>
  tenant.owner.call("POST", "/password-resets", { email: tenant.owner.email });

test("tenants whose own servers never answer keep no other tenant's emails waiting", async () => {
  const patience = { replyMs: 600_000, ownReplyMs: 600_000, ownMessageMs: 600_000 };
  await installation.startJobs({ ...quickTiming, ...patience });
  const other = await testTenant(installation);
  for (let n = 0; n < slowTenants; n += 1) {
    const tenant = await testTenant(installation);
    await chooseServer(tenant, { port: Number(new URL(slow.url).port) });
    await invite(tenant, `person@slow${n}.example`);
    await askForReset(tenant);
  }
  await until(() => hung.some((address) => address.startsWith("person@")), "an email that hangs");
  await until(() => hung.some((address) => !address.startsWith("person@")), "a reset that hangs");
  await invite(other, "person@other.example");
  await askForReset(other);
  for (const email of ["person@other.example", other.owner.email]) {
    await until(() => common.mails.some(({ recipient }) => recipient === email), `the email to ${email}`);
  }
});
