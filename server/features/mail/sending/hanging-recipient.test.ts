import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { jobServices, startBackground } from "#server/start-background.ts";
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

/** At whoever's address begins so the server hangs. */
function hangAt(...users: string[]) {
  const said = new Promise<Answer>((resolve) => {
    say = resolve;
  });
  sink.onRecipient = (address) => {
    if (!users.some((user) => address.startsWith(user))) return "accept";
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
  hangAt("u1@");
  await writeTo(post, tenantId, userIds.slice(0, 20));
  await post.deliver(tenantId);
  await reach(tenantId, { accepted: 19, sending: 1 });
  await writeTo(post, tenantId, userIds.slice(20));
  await post.deliver(tenantId);
  await reach(tenantId, { accepted: 29, sending: 1 });
  say("accept");
  await reach(tenantId, { accepted: 30 });
  expect(new Set(sink.mails.map(({ recipient }) => recipient)).size).toBe(30);
  expect(sink.mails).toHaveLength(30);
});

it("tries it again where the server says so in the end, and wakes up for that", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 2);
  hangAt("u1@");
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  await reach(tenantId, { accepted: 1, sending: 1 });
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

it("may leave another behind as soon as one of those that were left has ended", async () => {
  const [one, other] = [await tenantWithUsers(database, 3), await tenantWithUsers(database, 1)];
  const sayTo = new Map<string, (answer: Answer) => void>();
  sink.onRecipient = (address) =>
    address.startsWith("u3@") ? "accept" : new Promise((resolve) => sayTo.set(address, resolve));
  await writeTo(post, one.tenantId, one.userIds);
  await post.deliver(one.tenantId);
  await reach(one.tenantId, { accepted: 1, sending: 2 });
  sayTo.get(`u1@${one.slug}.example`)?.("accept");
  await reach(one.tenantId, { accepted: 2, sending: 1 });
  await writeTo(post, other.tenantId, other.userIds);
  await post.deliver(other.tenantId);
  expect(await counted(other.tenantId)).toEqual({ sending: 1 });
  for (const say of sayTo.values()) say("accept");
  await reach(one.tenantId, { accepted: 3 });
  await reach(other.tenantId, { accepted: 1 });
});

it("gives up one of a tenant that has every connection hanging, where another tenant waits", async () => {
  const [one, other] = [await tenantWithUsers(database, 3), await tenantWithUsers(database, 4)];
  hangAt("u1@", "u2@", "u3@");
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

it("gives up what several tenants have hanging on all connections together, where another tenant waits", async () => {
  const hanging = [];
  for (let n = 0; n < 3; n += 1) hanging.push(await tenantWithUsers(database, 1));
  const other = await tenantWithUsers(database, 5);
  hangAt(...hanging.map(({ slug }) => `u1@${slug}.example`));
  const turns = [];
  for (const { tenantId, userIds } of hanging) {
    await writeTo(post, tenantId, userIds);
    turns.push(post.deliver(tenantId));
  }
  await until(() => hung.length === 3, "all hang");
  await writeTo(post, other.tenantId, other.userIds);
  await post.deliver(other.tenantId);
  await reach(other.tenantId, { accepted: 5 });
  const states = await Promise.all(hanging.map(({ tenantId }) => messagesOf(database, tenantId)));
  expect(
    states
      .flat()
      .map(({ state }) => state)
      .sort(),
  ).toEqual(["queued", "sending", "sending"]);
  expect(sink.mostConnections).toBe(3);
  say("accept");
  await Promise.all(turns);
});

it("gives up one of any tenant for what somebody sits and waits for", async () => {
  const [one, two, three] = [
    await tenantWithUsers(database, 2),
    await tenantWithUsers(database, 1),
    await tenantWithUsers(database, 4),
  ];
  hangAt("u1@", "u2@");
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

it("lets others' ordinary emails go, however many tenants hang: neither connections nor workers are all theirs", async () => {
  const muster = await testInstallation({ SMTP_URL: sink.url, LOG_LEVEL: "silent" });
  const writer = { ...post, services: muster.services };
  const hanging = [];
  for (let n = 0; n < 8; n += 1) hanging.push(await tenantWithUsers(muster.database, 8));
  const other = await tenantWithUsers(muster.database, 20);
  sink.onRecipient = (address) => {
    if (address.endsWith(`@${other.slug}.example`)) return "accept";
    hung.push(address);
    return "hang";
  };
  const background = await startBackground(muster, mailJobs([hello.kind], { ...patient, hangMs: 200 }));
  for (const { tenantId, userIds } of hanging) await writeTo(writer, tenantId, userIds);
  await until(() => hung.length >= 5, "all connections hang");
  await writeTo(writer, other.tenantId, other.userIds);
  const arrived = () => new Set(sink.mails.map(({ recipient }) => recipient)).size;
  await expect.poll(arrived, { timeout: 20_000 }).toBe(20);
  expect(sink.mostConnections).toBeLessThanOrEqual(5);
  await background.stop();
  await muster.close();
});

it("does not take one tenant's recipients at whom the server hangs for trouble with the server", async () => {
  const impatient = openPost({
    database,
    kinds: [hello.kind],
    timing: { ...patient, replyMs: 1_000, troublePauseMs: 600_000 },
    environment: { SMTP_URL: sink.url, SMTP_CONNECTIONS: "3" },
  });
  const [one, other] = [await tenantWithUsers(database, 3), await tenantWithUsers(database, 4)];
  hangAt("u1@", "u2@", "u3@");
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
  hangAt("u1@");
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

it("is waited for until it is noted, also where its turn ended in trouble", async () => {
  const muster: TestInstallation = await testInstallation({ SMTP_URL: sink.url, LOG_LEVEL: "silent" });
  const { tenantId, userIds } = await tenantWithUsers(muster.database, 2);
  hangAt("u1@");
  const [stopping, outliving] = [new AbortController(), new Set<Promise<unknown>>()];
  const services = jobServices(muster, stopping.signal, outliving);
  const [deliver] = mailJobs([hello.kind], patient);
  await writeTo({ ...post, services }, tenantId, userIds.slice(0, 1));
  const dueAt = new Date(Date.now() + 3_600_000);
  await writeTo({ ...post, services }, tenantId, userIds.slice(1), { dueAt });
  // What is due later has a turn of its own then: to wake it fails.
  await muster.database.query("alter function app.enqueue rename to enqueue_away");
  await deliver?.run({ tenantId }, services);
  expect(outliving.size).toBe(1);
  const locking = new pg.Client({
    ...muster.database.connection.superuser,
    options: "-c search_path=muster",
  });
  await locking.connect();
  await locking.query("begin; lock table messages in share mode");
  say("accept");
  await until(async () => {
    const { rows } = await locking.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  }, "its outcome is being noted");
  expect(outliving.size).toBe(1);
  await locking.end();
  await until(() => outliving.size === 0, "all of it is over");
  expect((await messagesOf(muster.database, tenantId)).map(({ state }) => state).sort()).toEqual([
    "accepted",
    "queued",
  ]);
  stopping.abort();
  await muster.close();
});
