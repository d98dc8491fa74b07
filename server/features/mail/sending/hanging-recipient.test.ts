import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startBackground } from "#server/start-background.ts";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import {
  helloKind,
  messagesOf,
  openPost,
  type Post,
  quickTiming,
  tenantWithUsers,
  writeTo,
} from "#tests/support/mail.ts";
import { type Answer, type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { until } from "#tests/support/until.ts";
import { mailJobs } from "../jobs.ts";

/** A mail server that never answers for some recipients, until it is told what to say. */
let database: TestDatabase;
let sink: SmtpSink;
let post: Post;
let say: (answer: Answer) => void;
let hung: string[];
const hello = helloKind();
const patient = { ...quickTiming, replyMs: 600_000, hangMs: 50, retryDelay: () => 600_000 };

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  sink = await smtpSink();
  hung = [];
  post = openPost({
    database,
    kinds: [hello.kind],
    timing: patient,
    environment: { SMTP_URL: sink.url, SMTP_CONNECTIONS: "3" },
  });
  return async () => {
    post.stop();
    await sink.stop();
  };
});

/** At these the server hangs. */
function hangAt(...users: string[]) {
  const said = new Promise<Answer>((resolve) => {
    say = resolve;
  });
  sink.onRecipient = (address) => {
    if (!users.some((user) => address.startsWith(`${user}@`))) return "accept";
    hung.push(address);
    return said;
  };
}

const counted = async (tenantId: string) => {
  const messages = await messagesOf(database, tenantId);
  return Object.fromEntries(
    [...Map.groupBy(messages, ({ state }) => state)].map(([state, of]) => [state, of.length]),
  );
};
const reach = (tenantId: string, states: Record<string, number>) =>
  expect.poll(() => counted(tenantId), { timeout: 10_000 }).toEqual(states);

it("goes on with a tenant's other messages, in this turn and in the next, and settles the one that hangs when it ends", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 30);
  hangAt("u1");
  await writeTo(post, tenantId, userIds.slice(0, 20));
  await post.deliver(tenantId);
  expect(await counted(tenantId)).toEqual({ accepted: 19, sending: 1 });
  await writeTo(post, tenantId, userIds.slice(20));
  await post.deliver(tenantId);
  expect(await counted(tenantId)).toEqual({ accepted: 29, sending: 1 });
  say("accept");
  await reach(tenantId, { accepted: 30 });
  expect(new Set(sink.mails.map(({ recipient }) => recipient)).size).toBe(30);
  expect(sink.mails).toHaveLength(30);
});

it("tries it again where the server says so in the end, and wakes up for that", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 2);
  hangAt("u1");
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  expect(await counted(tenantId)).toEqual({ accepted: 1, sending: 1 });
  say({ code: 451, words: "4.7.1 Come back later" });
  await reach(tenantId, { accepted: 1, deferred: 1 });
  // As nothing else of the tenant is due, that is the only wake-up there is.
  await expect
    .poll(
      () =>
        database.query("select 1 from graphile_worker.jobs where key = 'mail.deliver.later:' || $1", [
          tenantId,
        ]),
      {
        timeout: 10_000,
      },
    )
    .toHaveLength(1);
});

it("leaves so few behind that connections are left: no turn of anybody ends with more", async () => {
  const [one, other] = [await tenantWithUsers(database, 3), await tenantWithUsers(database, 3)];
  hangAt("u1");
  await writeTo(post, one.tenantId, one.userIds);
  await writeTo(post, other.tenantId, other.userIds);
  await post.deliver(one.tenantId);
  let over = false;
  const second = post.deliver(other.tenantId).then(() => {
    over = true;
  });
  await reach(other.tenantId, { accepted: 2, sending: 1 });
  // Longer than a turn waits for one that it may leave.
  await until(() => hung.length === 2, "both hang");
  expect(await counted(one.tenantId)).toEqual({ accepted: 2, sending: 1 });
  expect(over).toBe(false);
  expect(sink.mostConnections).toBe(3);
  say("accept");
  await second;
  await reach(one.tenantId, { accepted: 3 });
  await reach(other.tenantId, { accepted: 3 });
});

it("may leave another behind as soon as one of those that were left has ended", async () => {
  const four = openPost({
    database,
    kinds: [hello.kind],
    timing: patient,
    environment: { SMTP_URL: sink.url, SMTP_CONNECTIONS: "4" },
  });
  const [one, other] = [await tenantWithUsers(database, 3), await tenantWithUsers(database, 1)];
  const sayTo = new Map<string, (answer: Answer) => void>();
  sink.onRecipient = (address) =>
    address.startsWith("u3@") ? "accept" : new Promise((resolve) => sayTo.set(address, resolve));
  await writeTo(four, one.tenantId, one.userIds);
  await four.deliver(one.tenantId);
  expect(await counted(one.tenantId)).toEqual({ accepted: 1, sending: 2 });
  sayTo.get(`u1@${one.slug}.example`)?.("accept");
  await reach(one.tenantId, { accepted: 2, sending: 1 });
  await writeTo(four, other.tenantId, other.userIds);
  await four.deliver(other.tenantId);
  expect(await counted(other.tenantId)).toEqual({ sending: 1 });
  for (const say of sayTo.values()) say("accept");
  await reach(one.tenantId, { accepted: 3 });
  await reach(other.tenantId, { accepted: 1 });
  four.stop();
});

it("gives up one of a tenant that has every connection hanging, where another tenant waits", async () => {
  const [one, other] = [await tenantWithUsers(database, 3), await tenantWithUsers(database, 4)];
  hangAt("u1", "u2", "u3");
  await writeTo(post, one.tenantId, one.userIds);
  const turn = post.deliver(one.tenantId);
  await until(() => hung.length === 3, "all hang");
  await writeTo(post, other.tenantId, other.userIds.slice(3));
  await post.deliver(other.tenantId);
  await reach(other.tenantId, { accepted: 1 });
  expect(await counted(one.tenantId)).toEqual({ queued: 1, sending: 2 });
  const given = (await messagesOf(database, one.tenantId)).find(({ state }) => state === "queued");
  expect(given).toMatchObject({ attempts: 0, last_reply: expect.stringContaining("while others waited") });
  say("accept");
  await turn;
  await reach(one.tenantId, { queued: 1, accepted: 2 });
  expect(sink.mostConnections).toBe(3);
});

it("gives up one of any tenant for what somebody sits and waits for", async () => {
  const [one, two, three] = [
    await tenantWithUsers(database, 2),
    await tenantWithUsers(database, 1),
    await tenantWithUsers(database, 4),
  ];
  hangAt("u1", "u2");
  await writeTo(post, one.tenantId, one.userIds);
  await writeTo(post, two.tenantId, two.userIds);
  const turns = [post.deliver(one.tenantId), post.deliver(two.tenantId)];
  await until(() => hung.length === 3, "all hang");
  await writeTo(post, three.tenantId, three.userIds.slice(3), { dueAt: "first" });
  await post.deliverFirst(three.tenantId);
  await reach(three.tenantId, { accepted: 1 });
  say("accept");
  await Promise.all(turns);
  const states = { ...(await counted(one.tenantId)), ...(await counted(two.tenantId)) };
  expect(states).toMatchObject({ queued: 1 });
});

it("does not take one tenant's recipients at whom the server hangs for trouble with the server", async () => {
  const impatient = openPost({
    database,
    kinds: [hello.kind],
    timing: { ...patient, replyMs: 1_000, troublePauseMs: 600_000 },
    environment: { SMTP_URL: sink.url, SMTP_CONNECTIONS: "3" },
  });
  const [one, other] = [await tenantWithUsers(database, 3), await tenantWithUsers(database, 4)];
  hangAt("u1", "u2", "u3");
  await writeTo(impatient, one.tenantId, one.userIds);
  await impatient.deliver(one.tenantId);
  await reach(one.tenantId, { deferred: 3 });
  await writeTo(impatient, other.tenantId, other.userIds.slice(3));
  await impatient.deliver(other.tenantId);
  await reach(other.tenantId, { accepted: 1 });
  impatient.stop();
});

it("is waited for when the server stops, as long as any message in hand", async () => {
  const muster: TestInstallation = await testInstallation({ SMTP_URL: sink.url, LOG_LEVEL: "silent" });
  const { tenantId, userIds } = await tenantWithUsers(muster.database, 1);
  hangAt("u1");
  const timing = { ...patient, stopMs: 600_000 };
  const background = await startBackground(muster, mailJobs([hello.kind], timing));
  await writeTo({ ...post, services: muster.services }, tenantId, userIds);
  await until(() => hung.length === 1, "it hangs");
  await until(async () => {
    const jobs = await muster.database.query(
      "select 1 from graphile_worker.jobs where locked_at is not null",
    );
    return jobs.length === 0;
  }, "its turn is over");
  const stopped = background.stop();
  say("accept");
  await stopped;
  const [message] = await messagesOf(muster.database, tenantId);
  expect(message).toMatchObject({ state: "accepted" });
  await muster.close();
});

it("is noted before the server has stopped, also where its turn ended in trouble", async () => {
  const muster: TestInstallation = await testInstallation({ SMTP_URL: sink.url, LOG_LEVEL: "silent" });
  const { tenantId, userIds } = await tenantWithUsers(muster.database, 2);
  hangAt("u1");
  const { onRecipient } = sink;
  sink.onRecipient = async (address) => {
    if (address.startsWith("u2@")) return { code: 451, words: "4.7.1 Come back later" };
    // Whoever is put off wakes up later: that fails from now on.
    await muster.database.query("alter function app.enqueue rename to enqueue_away");
    return onRecipient(address);
  };
  const timing = { ...patient, stopMs: 600_000 };
  const background = await startBackground(muster, mailJobs([hello.kind], timing));
  await writeTo({ ...post, services: muster.services }, tenantId, userIds);
  await until(() => hung.length === 1, "it hangs");
  await until(async () => {
    const jobs = await muster.database.query(
      "select 1 from graphile_worker.jobs where locked_at is not null",
    );
    return jobs.length === 0;
  }, "its turn is over");
  const locking = new pg.Client({
    ...muster.database.connection.superuser,
    options: "-c search_path=muster",
  });
  await locking.connect();
  await locking.query("begin; lock table messages in share mode");
  let stopped = false;
  const stopping = background.stop().then(() => {
    stopped = true;
  });
  say("accept");
  await until(async () => {
    const { rows } = await locking.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  }, "its outcome is being noted");
  expect(stopped).toBe(false);
  await locking.end();
  await stopping;
  expect((await messagesOf(muster.database, tenantId)).map(({ state }) => state).sort()).toEqual([
    "accepted",
    "deferred",
  ]);
  await muster.close();
});
