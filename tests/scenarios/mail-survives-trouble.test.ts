import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { helloKind, messagesOf, openPost, tenantWithUsers, writeTo } from "#tests/support/mail.ts";
import { seeded } from "#tests/support/seeded.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { until } from "#tests/support/until.ts";

const deliverUntilKilled = fileURLToPath(import.meta.resolve("#tests/support/deliver-until-killed.ts"));
const connections = 5;
/** Of two tenants together; more with MESSAGES=10000. */
const messages = Number(process.env.MESSAGES ?? 2_000);
const patienceMs = 100 * messages;

let database: TestDatabase;
let sink: SmtpSink;
beforeAll(async () => {
  database = await testDatabase();
  sink = await smtpSink({ login: true, headersOnly: true });
});
afterAll(async () => {
  await sink?.stop();
  await database?.drop();
});

/** A mail server on a bad day. Some addresses it refuses for good, always; what happens to the others is chance. */
function makeTrouble(chance: () => number) {
  let dropped = 0;
  sink.onLogin = () => (chance() < 0.3 ? { code: 454, words: "4.7.0 Too many logins" } : "accept");
  sink.onRecipient = (address) => {
    if (/^u\d*7@/.test(address)) return { code: 550, words: "5.1.1 no such person" };
    const dice = chance();
    if (dice < 0.03) return { code: 451, words: "4.7.1 greylisted" };
    if (dice < 0.04) return { code: 421, words: "4.3.2 closing" };
    if (dice < 0.05) return "drop";
    return dice < 0.052 ? "hang" : "accept";
  };
  sink.onData = () => {
    const dice = chance();
    if (dice < 0.01) {
      dropped += 1;
      return "drop";
    }
    return dice < 0.02 ? { code: 452, words: "4.3.1 full" } : "accept";
  };
  return { dropped: () => dropped };
}

const isRefused = (recipient: string) => /^u\d*7@/.test(recipient);

test(
  "thousands of messages, a mail server on a bad day, and both killed at random: all arrive, none without a reason twice",
  async () => {
    const chance = seeded().number;
    const trouble = makeTrouble(chance);
    const post = openPost({ database, kinds: [helloKind().kind], environment: { SMTP_URL: sink.url } });
    const tenants = [
      await tenantWithUsers(database, messages / 2),
      await tenantWithUsers(database, messages / 2),
    ];
    for (const { tenantId, userIds } of tenants) await writeTo(post, tenantId, userIds);
    const tenantIds = tenants.map(({ tenantId }) => tenantId);
    const job = JSON.stringify({ connection: database.connection, tenantIds, smtpUrl: sink.url });
    const start = () =>
      spawn(process.execPath, [deliverUntilKilled], { env: { ...process.env, JOB: job }, stdio: "inherit" });
    const end = async (child: ChildProcess) => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    };
    const leftOver = () =>
      database.query("select 1 from messages where state in ('queued', 'sending', 'deferred') limit 1");
    let looks = 0;
    const goOnUntil = (mails: number) =>
      until(
        async () => {
          // What the dead had claimed is found again now and then, as in real life, and not without a pause.
          if (looks++ % 4 === 0) await post.sweep();
          return sink.mails.length >= mails || (await leftOver()).length === 0;
        },
        "mail goes on",
        patienceMs,
      );

    const kills = 4;
    for (let kill = 0; kill < kills; kill += 1) {
      const child = start();
      await goOnUntil(sink.mails.length + Math.floor((0.05 + chance() * 0.12) * messages));
      if (kill % 2 === 1) {
        await sink.stop();
        await sink.start();
        await goOnUntil(sink.mails.length + 50);
      }
      await end(child);
    }
    const last = start();
    await goOnUntil(Number.POSITIVE_INFINITY);
    await end(last);

    const accepted = new Set(sink.mails.filter((mail) => mail.accepted).map((mail) => mail.messageId));
    let copies = 0;
    for (const { tenantId } of tenants) {
      for (const { id, state, recipient, last_reply } of await messagesOf(database, tenantId)) {
        const messageId = `<${id}.${tenantId.slice(-12)}@muster.example>`;
        expect(state, `${recipient}: ${last_reply}`).toBe(
          isRefused(recipient ?? "") ? "refused" : "accepted",
        );
        expect(accepted.has(messageId), `${recipient} is as the mail server saw it`).toBe(
          state === "accepted",
        );
        copies += accepted.has(messageId) ? 1 : 0;
      }
    }
    // A kill of either cuts off what every connection has in hand; whether that had come nobody can tell.
    const cutOff = kills + kills / 2;
    const repeated = sink.mails.filter((mail) => mail.accepted).length - copies;
    expect(repeated).toBeLessThanOrEqual(cutOff * connections);
    expect(trouble.dropped()).toBeGreaterThan(0);
  },
  300_000 + 2 * patienceMs,
);
