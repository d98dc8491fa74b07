import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ownMailServer } from "#tests/support/own-mail-server.ts";
import { type Certificate, selfSigned } from "#tests/support/self-signed.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import type { TestEmailAnswer } from "../contract.ts";

/** A tenant's own mail server over TLS. */
const { common, tenant, other, server, put, invite, arrived, messageTo } = ownMailServer();

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
