import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { changeLimits } from "#server/features/tenants/limits.ts";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
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

let database: TestDatabase;
let sink: SmtpSink;
const posts: Post[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  sink = await smtpSink();
  await database.query("delete from mail_pace");
  return async () => {
    for (const post of posts.splice(0)) post.stop();
    await sink.stop();
  };
});

const newPost = (environment: Record<string, string>, timing = quickTiming) => {
  const post = openPost({
    database,
    kinds: [helloKind().kind],
    timing,
    environment: { SMTP_URL: sink.url, ...environment },
  });
  posts.push(post);
  return post;
};
const sent = async (tenantId: string) =>
  (await messagesOf(database, tenantId)).filter(({ state }) => state === "accepted").length;
const wakeUp = async (tenantId: string) =>
  (
    await database.query<{ run_at: Date }>("select run_at from graphile_worker.jobs where key = $1", [
      `mail.deliver.later:${tenantId}`,
    ])
  )[0]?.run_at;

/** What is to run for a tenant at once. */
const keysOfJobs = async (tenantId: string) =>
  (
    await database.query<{ key: string }>(
      "select key from graphile_worker.jobs where key like 'mail.%:' || $1 and key not like '%.later:%'",
      [tenantId],
    )
  ).map(({ key }) => key.split(":")[0] ?? "");

const forgetJobs = () =>
  database.query("select graphile_worker.remove_job(key) from graphile_worker.jobs where key is not null");

it("sends a tenant's quota of the day and wakes up for the rest the next day", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 12);
  const post = newPost({ MAIL_TENANT_PER_DAY: "7" });
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  await post.deliver(tenantId);
  expect(await sent(tenantId)).toBe(7);
  const midnight = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`).getTime() + 86_400_000;
  expect((await wakeUp(tenantId))?.getTime()).toBe(midnight);
  await database.query("update mail_pace set day = day - 1");
  await post.deliver(tenantId);
  expect(await sent(tenantId)).toBe(12);
});

it("keeps to the operator's limit of a tenant where that is the smaller one, and sends more once it is raised", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 9);
  const limitTo = (mailsADay: number) =>
    post.services.inTenant(tenantId, (ctx) => changeLimits(ctx, { mailsADay }));
  const post = newPost({ MAIL_TENANT_PER_DAY: "7" });
  await limitTo(4);
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  await post.deliver(tenantId);
  expect(await sent(tenantId)).toBe(4);
  await writeTo(post, tenantId, userIds.slice(0, 1), { dueAt: "first" });
  await post.deliverFirst(tenantId);
  expect(await sent(tenantId)).toBe(5);
  await limitTo(100);
  await post.deliver(tenantId);
  expect(await sent(tenantId)).toBe(7);
  const unlimited = newPost({});
  await limitTo(8);
  await unlimited.deliver(tenantId);
  expect(await sent(tenantId)).toBe(8);
});

it("shares the installation's quota among tenants, and what somebody waits for goes all the same", async () => {
  const [one, two] = [await tenantWithUsers(database, 6), await tenantWithUsers(database, 6)];
  const post = newPost({ MAIL_PER_DAY: "8" });
  for (const { tenantId, userIds } of [one, two]) await writeTo(post, tenantId, userIds);
  await post.deliver(one.tenantId);
  await post.deliver(two.tenantId);
  expect([await sent(one.tenantId), await sent(two.tenantId)]).toEqual([6, 2]);
  await writeTo(post, two.tenantId, two.userIds.slice(0, 1), { dueAt: "first" });
  await post.deliverFirst(two.tenantId);
  expect(await sent(two.tenantId)).toBe(3);
});

it("gives back what was granted and not sent", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 3);
  const post = newPost({ MAIL_PER_DAY: "5000", MAIL_TENANT_PER_DAY: "5000" });
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  const rows = await database.query<{ used: number }>("select used from mail_pace");
  expect(rows).toEqual([{ used: 3 }, { used: 3 }]);
});

const used = async () =>
  (await database.query<{ used: number }>("select used from mail_pace")).map((row) => row.used);

it("counts emails and not attempts at a server that is down", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 30);
  const post = newPost(
    { MAIL_PER_DAY: "40", MAIL_TENANT_PER_DAY: "40" },
    { ...quickTiming, troublePauseMs: 3_600_000 },
  );
  await sink.stop();
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  const tried = (await messagesOf(database, tenantId)).filter(({ state }) => state === "deferred").length;
  expect(tried).toBeLessThan(10);
  expect(await used()).toEqual([tried, tried]);
});

it("counts none that it took back or could not put together", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 4);
  const post = newPost({ MAIL_PER_DAY: "40", MAIL_TENANT_PER_DAY: "40" });
  await writeTo(post, tenantId, userIds.slice(0, 1), { kind: "test.unknown" });
  await writeTo(post, tenantId, userIds.slice(1));
  await database.query("update users set status = 'suspended' where id = any($1)", [userIds.slice(2)]);
  await post.deliver(tenantId);
  expect(await sent(tenantId)).toBe(1);
  expect(await used()).toEqual([1, 1]);
});

it("gives back what was granted where nothing could be claimed", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 3);
  const inTenant: typeof database.inTenant = (id, work) =>
    database.inTenant(id, async (tx) => {
      const result = await work(tx);
      if ((result as { messages?: unknown } | undefined)?.messages) throw new Error("the disk is full");
      return result;
    });
  const post = openPost({
    database: { ...database, inTenant },
    kinds: [helloKind().kind],
    environment: { SMTP_URL: sink.url, MAIL_PER_DAY: "40" },
  });
  posts.push(post);
  await writeTo(post, tenantId, userIds);
  await expect(post.deliver(tenantId)).rejects.toThrow("the disk is full");
  expect(await used()).toEqual([0]);
});

it("sends at an even pace where one is set", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 30);
  const post = newPost({ MAIL_PER_MINUTE: "60" });
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  expect(await sent(tenantId)).toBeLessThan(10);
  expect((await wakeUp(tenantId))?.getTime()).toBeGreaterThan(Date.now() - 1_000);
});

it("sends what somebody waits for past everything that is queued, by workers of its own", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 200);
  const [waiting = "", ...queued] = userIds;
  const post = newPost({ SMTP_CONNECTIONS: "1" });
  await writeTo(post, tenantId, queued);
  let urgent: Promise<void> | undefined;
  sink.onRecipient = async (): Promise<Answer> => {
    if (sink.mails.length === 5 && !urgent) {
      await writeTo(post, tenantId, [waiting], { dueAt: "first" });
      urgent = post.deliverFirst(tenantId);
    }
    return "accept";
  };
  const all = post.deliver(tenantId);
  await all;
  await urgent;
  const place = sink.mails.findIndex(({ recipient }) => recipient.startsWith("u1@"));
  // The message in hand and the one a connection already waits for, at most.
  expect(place).toBeGreaterThan(4);
  expect(place).toBeLessThan(30);
});

it("gives whoever asked meanwhile another turn by the same workers, and no others", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 1);
  const post = newPost({});
  const letGo = Promise.withResolvers<Answer>();
  const inHand = Promise.withResolvers<void>();
  sink.onRecipient = () => {
    inHand.resolve();
    return letGo.promise;
  };
  await writeTo(post, tenantId, userIds, { dueAt: "first" });
  await database.query("select graphile_worker.remove_job($1)", [`mail.deliver_first:${tenantId}`]);
  const turn = post.deliverFirst(tenantId);
  await inHand.promise;
  await post.deliverFirst(tenantId);
  letGo.resolve("accept");
  await turn;
  const woken = await database.query<{ key: string }>(
    "select key from graphile_worker.jobs where key in ($1, $2)",
    [`mail.deliver:${tenantId}`, `mail.deliver_first:${tenantId}`],
  );
  expect(woken).toEqual([{ key: `mail.deliver_first:${tenantId}` }]);
});

it("finds what somebody waits for again when its wake-up is lost, for workers of its own", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 2);
  const post = newPost({});
  await writeTo(post, tenantId, userIds.slice(0, 1));
  await writeTo(post, tenantId, userIds.slice(1), { dueAt: "first" });
  await forgetJobs();
  await post.sweep();
  expect((await keysOfJobs(tenantId)).sort()).toEqual(["mail.deliver", "mail.deliver_first"]);
});

it("tries again what somebody waits for past everything that is queued, when the mail server has put it off", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 40);
  const [waiting = "", ...queued] = userIds;
  const post = newPost(
    { SMTP_CONNECTIONS: "1", MAIL_TENANT_PER_DAY: "1" },
    { ...quickTiming, retryDelay: () => 60_000 },
  );
  sink.onRecipient = (recipient) =>
    recipient.startsWith("u1@") ? { code: 451, words: "4.7.1 greylisted" } : "accept";
  await writeTo(post, tenantId, [waiting], { dueAt: "first" });
  await post.deliverFirst(tenantId);
  const later = await database.query<{ run_at: Date }>(
    "select run_at from graphile_worker.jobs where key = $1",
    [`mail.deliver_first.later:${tenantId}`],
  );
  const [row] = await database.query<{ state: string; due_at: Date }>(
    "select state, due_at from messages where tenant_id = $1",
    [tenantId],
  );
  expect(row?.state).toBe("deferred");
  expect(later).toEqual([{ run_at: row?.due_at }]);
  // Its time comes, and much is queued that was due before; the day's quota is used up.
  sink.onRecipient = () => "accept";
  await writeTo(post, tenantId, queued);
  await database.query(
    "update messages set due_at = now() - interval '1 hour' where tenant_id = $1 and not first",
    [tenantId],
  );
  await database.query("update messages set due_at = now() where tenant_id = $1 and first", [tenantId]);
  await post.deliverFirst(tenantId);
  expect(sink.mails.map(({ recipient }) => recipient.split("@")[0])).toEqual(["u1"]);
});
