import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { quickTiming } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { readDeliveryReport } from "./read-delivery-report.ts";

/** Reports as real mail servers write them. */
const sample = (name: string) =>
  readFileSync(new URL(`../../../tests/samples/${name}.eml`, import.meta.url), "utf8");

const bounced = { outcome: "bounced", addressFailed: false };
const delayed = { outcome: "delayed", addressFailed: false, reply: "451 4.7.1 come back later" };
const nobody = { ...bounced, addressFailed: true, reply: "550 5.1.1 no such person here" };

it.each([
  ["postfix-unknown-address", nobody],
  ["postfix-unknown-local-user", { ...nobody, reply: 'unknown user: "nobody2"' }],
  ["postfix-refusal-without-status", { ...bounced, reply: "550 unknown user" }],
  ["postfix-given-up", { ...bounced, reply: "451 4.7.1 come back later" }],
  ["postfix-delayed", delayed],
  ["exim-unknown-address", nobody],
  ["exim-unroutable", { ...bounced, reply: "Unrouteable address" }],
  ["exim-delayed", delayed],
])("understands %s", async (name, report) => {
  expect(await readDeliveryReport(Buffer.from(sample(name)))).toEqual(report);
  const crossing = sample(name).replace(/\r?\n/g, "\r\n");
  expect(await readDeliveryReport(Buffer.from(crossing))).toEqual(report);
});

it("takes of several people behind one address the one whose email came back, and reports in other letters than ASCII", async () => {
  const arrived = "Final-Recipient: rfc822; other@people.example\nAction: relayed\nStatus: 2.0.0\n\n";
  const several = sample("postfix-unknown-address")
    .replace("Final-Recipient:", `${arrived}Final-Recipient:`)
    .replace(/(Diagnostic-Code: .*\n)/, `$1\n${arrived}`)
    .replace("message/delivery-status", "message/global-delivery-status");
  expect(await readDeliveryReport(Buffer.from(several))).toEqual(nobody);
});

describe("what a mail server pipes here", () => {
  let muster: TestInstallation;
  let tenant: TestTenant;
  let sink: SmtpSink;
  let url: string;
  beforeAll(async () => {
    sink = await smtpSink();
    muster = await testInstallation({
      SMTP_URL: sink.url,
      MAIL_BOUNCE_ADDRESS: "bounces@mail.example.org",
      LOG_LEVEL: "silent",
    });
    tenant = await testTenant(muster);
    url = `${await muster.http.listen({ port: 0, host: "127.0.0.1" })}/api/v1/bounces`;
  });
  afterAll(async () => {
    await muster.close();
    await sink.stop();
  });

  const deliver = mailJobs(messageKinds, quickTiming)[0];
  async function invited() {
    const email = `${Math.random().toString(36).slice(2)}@people.example`;
    const person = { mode: "invite", email, firstName: "Eva", lastName: "Berg", groupIds: [] };
    const { body } = await tenant.owner.call<User>("POST", "/users", person);
    await deliver?.run({ tenantId: tenant.id }, muster.services);
    const { envelopeFrom = "" } = sink.mails.find(({ recipient }) => recipient === email) ?? {};
    const seen = async () => (await tenant.owner.call<User>("GET", `/users/${body.id}`)).body;
    return { envelopeFrom, seen };
  }
  const about = (name: string, address: string) =>
    sample(name).replaceAll(/bounces\+[0-9a-v.]+@mail\.example\.org/g, address);

  const script = new URL("../../../docs/operate/muster-bounce.sh", import.meta.url).pathname;
  async function pipe(source: string, to = url) {
    const child = spawn("sh", [script, to], { stdio: ["pipe", "pipe", "ignore"] });
    child.stdin.end(source);
    const said = text(child.stdout);
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    return { code, said: (await said).trim() };
  }
  const hasCurl = spawnSync("curl", ["--version"]).status === 0;

  it.runIf(hasCurl)("is passed on by the script of the manual, of Postfix and of Exim", async () => {
    for (const server of ["postfix", "exim"]) {
      const { envelopeFrom, seen } = await invited();
      expect(await pipe(about(`${server}-unknown-address`, envelopeFrom))).toEqual({ code: 0, said: "" });
      expect(await seen(), server).toMatchObject({
        mail: { state: "bounced", lastReply: "550 5.1.1 no such person here" },
        mailFailure: { reply: "550 5.1.1 no such person here" },
      });
    }
  });

  it.runIf(hasCurl)(
    "is done with where it is none of ours, and comes again where Muster could not take it",
    async () => {
      const spam = "From: x@example.net\nTo: bounces@mail.example.org\nSubject: hello\n\nhello\n";
      expect(await pipe(spam)).toEqual({ code: 0, said: "Muster did not take it in: 403" });
      const troubled = createServer((request, response) => {
        request.resume().on("end", () => response.writeHead(503).end());
      });
      await new Promise<void>((resolve) => troubled.listen(0, "127.0.0.1", resolve));
      const { port } = troubled.address() as AddressInfo;
      expect(await pipe(spam, `http://127.0.0.1:${port}/`)).toEqual({
        code: 75,
        said: "Muster answered 503",
      });
      await new Promise((resolve) => troubled.close(resolve));
      expect(await pipe(spam, `http://127.0.0.1:${port}/`)).toEqual({ code: 75, said: "" });
    },
  );
});
