import { afterAll, beforeAll, expect, test } from "vitest";
import { jobs } from "#server/app.ts";
import type { JobServices } from "#server/context.ts";
import { hashWaitingPasswords } from "#server/features/credentials/hash-waiting-passwords.ts";
import { startBackground } from "#server/start-background.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { visitor } from "#tests/support/visitor.ts";
import { peopleToHash } from "#tests/support/waiting-passwords.ts";

let sink: SmtpSink;
let installation: TestInstallation;
let background: Awaited<ReturnType<typeof startBackground>> | undefined;
/** The usual turns are six times as long, and take every processor meanwhile. */
const inShortTurns = jobs.map((job) =>
  job.name === "passwords.hash"
    ? {
        ...job,
        run: ({ tenantId = "" }, services: JobServices) => hashWaitingPasswords(tenantId, services, 500),
      }
    : job,
);

beforeAll(async () => {
  sink = await smtpSink();
  installation = await testInstallation({ SMTP_URL: sink.url });
});
afterAll(async () => {
  await background?.stop();
  await installation?.close();
  await sink?.stop();
});

test("thousands of passwords of many tenants are being hashed: a reset goes out at once, and all of them get on", async () => {
  const tenants = [];
  for (let n = 0; n < 6; n += 1) {
    const tenant = await testTenant(installation);
    await peopleToHash(tenant, 1000);
    tenants.push(tenant);
  }
  const hashed = () =>
    installation.database.query<{ tenant_id: string; hashed: number }>(
      `select tenant_id, count(password_hash)::int as hashed from credentials
        where temporary group by tenant_id having count(password_hash) > 0`,
    );
  background = await startBackground(installation, inShortTurns);
  await until(async () => (await hashed()).length > 0, "hashing to begin");
  const waiting = await testTenant(installation);
  const person = visitor(installation, waiting.slug);
  await person.call("POST", "/password-resets", { email: waiting.owner.email });
  await until(() => sink.mails.some((mail) => mail.recipient === waiting.owner.email), "the reset", 5_000);
  // One tenant at a time, and none until the one before is through.
  const begun = await until(async () => {
    const found = await hashed();
    return found.length >= 3 && found;
  }, "the third tenant's turn");
  for (const { hashed: many } of begun) expect(many).toBeLessThan(1000);
});
