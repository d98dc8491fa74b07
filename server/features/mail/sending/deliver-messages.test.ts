import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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
import { until } from "#tests/support/until.ts";
import { usualTiming } from "./timing.ts";

const deliverUntilKilled = fileURLToPath(import.meta.resolve("#tests/support/deliver-until-killed.ts"));

let database: TestDatabase;
let sink: SmtpSink;
let hello: ReturnType<typeof helloKind>;
const posts: Post[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  hello = helloKind();
  sink = await smtpSink();
  return async () => {
    for (const post of posts.splice(0)) post.stop();
    await sink.stop();
  };
});

const newPost = (environment: Record<string, string> = {}, timing = quickTiming) => {
  const post = openPost({
    database,
    kinds: [hello.kind],
    timing,
    environment: { SMTP_URL: sink.url, SMTP_CONNECTIONS: "5", ...environment },
  });
  posts.push(post);
  return post;
};

const states = async (tenantId: string) =>
  Object.fromEntries(
    [...Map.groupBy(await messagesOf(database, tenantId), (message) => message.state)].map(([state, of]) => [
      state,
      of.length,
    ]),
  );

/** Keeps the table from being written, until whoever wants to has waited for half a second. */
const keepFromNoting = async () => {
  const client = new pg.Client({ ...database.connection.superuser, options: "-c search_path=muster" });
  await client.connect();
  await client.query("begin; lock table messages in share mode");
  await until(async () => {
    const waiting = await database.query(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and now() - query_start > interval '500 ms'`,
    );
    return waiting.length > 0;
  }, "somebody waits");
  return () => client.end();
};

/** Turn after turn until no message waits. */
const deliverAll = (post: Post, tenantId: string) =>
  until(async () => {
    await post.deliver(tenantId);
    const { queued, sending, deferred } = await states(tenantId);
    return !queued && !sending && !deferred;
  }, "every message reaches an end");

describe("delivery", () => {
  it("hands each of several hundred messages over exactly once, on 5 connections", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 400);
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 400 });
    expect(new Set(sink.mails.map((mail) => mail.recipient)).size).toBe(400);
    expect(sink.mails).toHaveLength(400);
    expect(sink.mostConnections).toBe(5);
    expect(new Set(hello.accepted).size).toBe(400);
    expect(hello.accepted).toHaveLength(400);
  });

  it("shares a tenant's messages between two processes without sending one twice", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 300);
    const [first, second] = [newPost(), newPost()];
    await writeTo(first, tenantId, userIds);
    await Promise.all([deliverAll(first, tenantId), deliverAll(second, tenantId)]);
    expect(sink.mails).toHaveLength(300);
    expect(new Set(sink.mails.map((mail) => mail.recipient)).size).toBe(300);
  });

  it("keeps the server's words, the recipient and the Message-ID", async () => {
    const { tenantId, slug, userIds } = await tenantWithUsers(database, 1);
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    await deliverAll(post, tenantId);
    const [message] = await messagesOf(database, tenantId);
    expect(message).toMatchObject({ state: "accepted", attempts: 1, recipient: `u1@${slug}.example` });
    expect(message?.last_reply).toMatch(/^250 /);
    const [mail] = sink.mails;
    expect(mail?.messageId).toBe(`<${message?.id}.${tenantId.slice(-12)}@muster.example>`);
    expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail?.from?.value).toEqual([{ name: `Tenant ${slug}`, address: "no-reply@muster.example" }]);
    expect(mail?.text).toContain("Hello, Eva of Tenant");
  });

  it("lets nobody starve: a few messages of one tenant do not wait for the thousands of another", async () => {
    const many = await tenantWithUsers(database, 400);
    const few = await tenantWithUsers(database, 5);
    const post = newPost();
    await writeTo(post, many.tenantId, many.userIds);
    await writeTo(post, few.tenantId, few.userIds);
    const big = deliverAll(post, many.tenantId);
    await until(() => sink.mails.length > 0, "the first mail");
    await deliverAll(post, few.tenantId);
    expect(sink.mails.length).toBeLessThan(150);
    await big;
  });

  it("hands what somebody waits for over before what is queued", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 301);
    const post = newPost();
    const [waiting = "", ...others] = userIds;
    await writeTo(post, tenantId, others);
    await writeTo(post, tenantId, [waiting], { dueAt: "first" });
    await deliverAll(post, tenantId);
    expect(sink.mails.slice(0, 5).map((mail) => mail.recipient)).toContainEqual(
      expect.stringMatching(/^u1@/),
    );
  });

  it("leaves what waits for something, until it is due", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 1);
    const post = newPost();
    await writeTo(post, tenantId, userIds, { dueAt: "later" });
    await post.deliver(tenantId);
    expect(await states(tenantId)).toEqual({ queued: 1 });
    expect(sink.mails).toHaveLength(0);
  });

  it("holds a suspended tenant's messages and withdraws a suspended user's", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 2);
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    await database.query("update users set status = 'suspended' where id = $1", [userIds[0]]);
    await database.query("update tenants set status = 'suspended' where id = $1", [tenantId]);
    await post.deliver(tenantId);
    expect(await states(tenantId)).toEqual({ queued: 2 });
    await database.query("update tenants set status = 'active' where id = $1", [tenantId]);
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 1, withdrawn: 1 });
    expect(hello.givenUp).toHaveLength(1);
  });

  it("keeps neither the address nor the server's words of somebody who was erased with their email in hand", async () => {
    const { tenantId, slug, userIds } = await tenantWithUsers(database, 1);
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    sink.onRecipient = async (address) => {
      await database.query("delete from users where tenant_id = $1", [tenantId]);
      return { code: 550, words: `5.1.1 <${address}>: no such user` };
    };
    await post.deliver(tenantId);
    const [message] = await messagesOf(database, tenantId);
    expect(message).toMatchObject({ state: "refused", attempts: 1, recipient: null, last_reply: null });
    const kept = await database.query(
      "select to_jsonb(m)::text || coalesce(to_jsonb(a)::text, '') as row from messages m left join message_attempts a on a.message_id = m.id where m.tenant_id = $1",
      [tenantId],
    );
    expect(JSON.stringify(kept)).not.toContain(`u1@${slug}`);
  });

  it("carries on past a kind that cannot put its message together, and past one whose hook throws", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 20);
    hello.kind.accepted = async () => {
      throw new Error("a bug");
    };
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 20 });
    expect(sink.mails).toHaveLength(20);
    hello.kind.contents = async () => {
      throw new Error("another bug");
    };
    await writeTo(post, tenantId, userIds.slice(0, 1));
    await post.deliver(tenantId);
    const messages = await messagesOf(database, tenantId);
    expect(messages.at(-1)).toMatchObject({ state: "deferred", attempts: 1 });
  });
});

describe("trouble with the mail server", () => {
  it("puts back what a slow one leaves of a turn: another tenant's turn has come", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 30);
    const post = newPost({ SMTP_CONNECTIONS: "1" }, { ...quickTiming, turnMs: 500, overtimeMs: 100 });
    sink.onRecipient = async (): Promise<Answer> => {
      // Every message takes longer than the whole turn may.
      const over = Date.now() + 700;
      await until(() => Date.now() > over, "the end of the turn");
      return "accept";
    };
    await writeTo(post, tenantId, userIds);
    await post.deliver(tenantId);
    const { accepted = 0, ...others } = await states(tenantId);
    expect(accepted).toBeLessThanOrEqual(1);
    expect(others).toEqual({ queued: 30 - accepted });
    const left = (await messagesOf(database, tenantId)).filter(({ state }) => state === "queued");
    expect(new Set(left.map(({ attempts }) => attempts))).toEqual(new Set([0]));
  });

  it("fails nothing while it is down, says so, and delivers once when it is back", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 30);
    const post = newPost();
    await sink.stop();
    await writeTo(post, tenantId, userIds);
    await post.deliver(tenantId);
    const messages = await messagesOf(database, tenantId);
    expect(new Set(messages.map((message) => message.state))).toEqual(new Set(["deferred", "queued"]));
    for (const { state, attempts, last_reply } of messages) {
      expect(attempts).toBe(state === "deferred" ? 1 : 0);
      expect(last_reply).toMatch(state === "deferred" ? /refuses connections/ : /^Other emails failed/);
    }
    await sink.start();
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 30 });
    expect(sink.mails).toHaveLength(30);
  });

  it("leaves a server that fails for everything in peace for a while", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 300);
    const post = newPost({}, { ...quickTiming, retryDelay: () => 3_600_000, troublePauseMs: 3_600_000 });
    await sink.stop();
    await writeTo(post, tenantId, userIds);
    await post.deliver(tenantId);
    await post.deliver(tenantId);
    const { deferred = 0, ...others } = await states(tenantId);
    // Five failures are trouble, and the other four connections had something in hand.
    expect(deferred).toBeGreaterThanOrEqual(5);
    expect(deferred).toBeLessThanOrEqual(9);
    expect(others).toEqual({ queued: 300 - deferred });
  });

  it("says of no message what the server said of another", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 60);
    const post = newPost({}, { ...quickTiming, retryDelay: () => 3_600_000, troublePauseMs: 3_600_000 });
    sink.onRecipient = (address) => ({ code: 454, words: `4.7.1 <${address}>: Relay access denied` });
    await writeTo(post, tenantId, userIds);
    await post.deliver(tenantId);
    const messages = await messagesOf(database, tenantId);
    for (const { recipient, last_reply, state, attempts } of messages) {
      expect(last_reply).not.toBeNull();
      if (state === "deferred") expect(last_reply).toContain(`<${recipient}>`);
      else expect([state, attempts, last_reply?.includes("@")]).toEqual(["queued", 0, false]);
    }
    expect(messages.filter(({ state }) => state === "queued").length).toBeGreaterThan(40);
  });

  it("gives up on what the server refuses, and keeps its words", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 2);
    sink.onRecipient = (address) =>
      address.startsWith("u1@") ? { code: 550, words: "5.1.1 no such person" } : "accept";
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    await deliverAll(post, tenantId);
    const [refused, accepted] = await messagesOf(database, tenantId);
    expect(refused).toMatchObject({ state: "refused", attempts: 1, last_reply: "550 5.1.1 no such person" });
    expect(accepted?.state).toBe("accepted");
    expect(hello.givenUp).toEqual([refused?.id]);
  });

  it("loses nothing to a server that denies us, and leaves it in peace until that is mended", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 60);
    sink.onRecipient = (address) => ({ code: 554, words: `5.7.1 <${address}>: Relay access denied` });
    const post = newPost({}, { ...quickTiming, denialMs: 0, troublePauseMs: 200 });
    await writeTo(post, tenantId, userIds);
    for (let turn = 0; turn < 10; turn += 1) await post.deliver(tenantId);
    const { deferred = 0, ...others } = await states(tenantId);
    expect(deferred).toBeGreaterThanOrEqual(10);
    expect(deferred).toBeLessThan(60);
    expect(others).toEqual({ queued: 60 - deferred });
    sink.onRecipient = () => "accept";
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 60 });
    expect(hello.givenUp).toEqual([]);
  });

  it("believes a denial that the server stays by while it takes others", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 8);
    sink.onRecipient = (address) =>
      address.startsWith("u1@") ? { code: 550, words: "5.7.1 not from outside" } : "accept";
    const post = newPost({}, { ...quickTiming, denialMs: 0 });
    await writeTo(post, tenantId, userIds);
    await post.deliver(tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 7, deferred: 1 });
    await writeTo(post, tenantId, userIds.slice(1));
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 14, refused: 1 });
    const [denied] = await messagesOf(database, tenantId);
    expect(denied).toMatchObject({ state: "refused", last_reply: "550 5.7.1 not from outside" });
    expect(denied?.attempts).toBeGreaterThan(1);
  });

  it("refuses a whole list of bad addresses, and goes on", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 60);
    sink.onRecipient = (address) =>
      address.startsWith("u60@") ? "accept" : { code: 550, words: "5.1.1 no such person" };
    const post = newPost({}, { ...quickTiming, troublePauseMs: 3_600_000 });
    await writeTo(post, tenantId, userIds);
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 1, refused: 59 });
  });

  it("holds up no other tenant where it denies one", async () => {
    const [denied, other] = [await tenantWithUsers(database, 40), await tenantWithUsers(database, 5)];
    sink.onRecipient = (address) =>
      address.endsWith(`@${denied.slug}.example`) ? { code: 550, words: "5.7.1 spam" } : "accept";
    const post = newPost({}, { ...quickTiming, troublePauseMs: 3_600_000 });
    await writeTo(post, denied.tenantId, denied.userIds);
    await post.deliver(denied.tenantId);
    expect((await states(denied.tenantId)).queued).toBeGreaterThan(0);
    await writeTo(post, other.tenantId, other.userIds);
    await deliverAll(post, other.tenantId);
    expect(await states(other.tenantId)).toEqual({ accepted: 5 });
  });

  it("tries again what it defers", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 1);
    let asked = 0;
    sink.onRecipient = () => (asked++ < 2 ? { code: 451, words: "4.7.1 greylisted" } : "accept");
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    await post.deliver(tenantId);
    expect(await messagesOf(database, tenantId)).toMatchObject([
      { state: "deferred", attempts: 1, last_reply: "451 4.7.1 greylisted" },
    ]);
    await deliverAll(post, tenantId);
    expect(await messagesOf(database, tenantId)).toMatchObject([{ state: "accepted", attempts: 3 }]);
    expect(sink.mails).toHaveLength(1);
  });

  it("gives up after the last retry", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 1);
    sink.onData = () => ({ code: 452, words: "4.3.1 full" });
    const post = newPost(
      {},
      { ...quickTiming, retryDelay: ({ attempts }) => (attempts < 3 ? 1 : undefined) },
    );
    await writeTo(post, tenantId, userIds);
    await deliverAll(post, tenantId);
    expect(await messagesOf(database, tenantId)).toMatchObject([
      { state: "expired", attempts: 3, last_reply: "452 4.3.1 full" },
    ]);
    expect(hello.givenUp).toHaveLength(1);
  });

  it("gives up by the time since its first try, however often it was tried in that", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 1);
    sink.onData = () => ({ code: 452, words: "4.3.1 full" });
    const post = newPost({ MAIL_RETRY_HOURS: "1" }, { ...quickTiming, retryDelay: usualTiming.retryDelay });
    await writeTo(post, tenantId, userIds);
    const tryNow = async () => {
      await database.query("update messages set due_at = now() - interval '1 second' where tenant_id = $1", [
        tenantId,
      ]);
      await post.deliver(tenantId);
    };
    for (let n = 0; n < 8; n += 1) await tryNow();
    expect(await messagesOf(database, tenantId)).toMatchObject([{ state: "deferred", attempts: 8 }]);
    await database.query("update message_attempts set at = at - interval '1 hour' where tenant_id = $1", [
      tenantId,
    ]);
    await tryNow();
    expect(await messagesOf(database, tenantId)).toMatchObject([{ state: "expired", attempts: 9 }]);
  });

  it("repeats a message whose connection broke after DATA, with the same Message-ID", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 1);
    sink.onData = () => (sink.mails.length === 0 ? "drop" : "accept");
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    await deliverAll(post, tenantId);
    expect(sink.mails).toHaveLength(2);
    expect(sink.mails[0]?.messageId).toBe(sink.mails[1]?.messageId);
    expect(await messagesOf(database, tenantId)).toMatchObject([{ state: "accepted", attempts: 2 }]);
  });
});

describe("senders that die", () => {
  it("recovers the claims of a dead sender, and never those of a living one", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 2);
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    const alive = await database.connect();
    await alive.query("select pg_advisory_lock(4611686018427387000)");
    await database.query(
      `update messages set state = 'sending', claimed_by = case when user_id = $2 then 4611686018427387000 else 4242 end
        where tenant_id = $1`,
      [tenantId, userIds[0]],
    );
    await post.sweep();
    await until(async () => {
      await post.deliver(tenantId);
      return (await states(tenantId)).accepted;
    }, "the dead sender's message goes out");
    expect(await states(tenantId)).toEqual({ accepted: 1, sending: 1 });
    await alive.end();
    await until(async () => {
      await post.sweep();
      return (await states(tenantId)).queued;
    }, "the claim of the sender that died comes free");
    await deliverAll(post, tenantId);
    expect(sink.mails).toHaveLength(2);
  });

  it("repeats at most one message for each open connection after kill -9", async () => {
    const tenants = [await tenantWithUsers(database, 200), await tenantWithUsers(database, 200)];
    const tenantIds = tenants.map((tenant) => tenant.tenantId);
    const post = newPost();
    for (const { tenantId, userIds } of tenants) await writeTo(post, tenantId, userIds);
    const child = spawn(process.execPath, [deliverUntilKilled], {
      env: {
        ...process.env,
        JOB: JSON.stringify({ connection: database.connection, tenantIds, smtpUrl: sink.url }),
      },
      stdio: "inherit",
    });
    const ended = once(child, "exit");
    await until(() => sink.mails.length > 50, "some mails");
    // Nothing can be noted for a while: so each connection must stop after the one message it has in hand.
    const release = await keepFromNoting();
    child.kill("SIGKILL");
    await ended;
    await release();
    for (const tenantId of tenantIds) {
      await until(async () => {
        await post.sweep();
        return !(await states(tenantId)).sending;
      }, "its claims come free");
      await deliverAll(post, tenantId);
      expect(await states(tenantId)).toEqual({ accepted: 200 });
    }
    expect(new Set(sink.mails.map((mail) => mail.messageId)).size).toBe(400);
    expect(sink.mails.length).toBeLessThanOrEqual(405);
  });

  it("starts anew under another number when its database connection is lost", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 200);
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    const turn = post.deliver(tenantId);
    await until(() => sink.mails.length > 20, "some mails");
    await database.query(
      `select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    await turn;
    await post.sweep();
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 200 });
    // What was in hand when the lock went may come twice, under the same Message-ID; nothing else does.
    expect(sink.mails.length).toBeLessThanOrEqual(205);
    expect(new Set(sink.mails.map((mail) => mail.messageId)).size).toBe(200);
  });

  it("gives back what it had claimed when the answer to that was lost", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 300);
    let claims = 0;
    const claiming = (result: unknown) =>
      (result as { messages?: unknown[] } | undefined)?.messages?.length === 100;
    const inTenant: typeof database.inTenant = async (id, work) => {
      const result = await database.inTenant(id, work);
      // The second claim is made ahead of time, while nobody waits for it yet.
      if (claiming(result) && ++claims === 2) throw new Error("the connection is lost");
      return result;
    };
    const post = openPost({
      database: { ...database, inTenant },
      kinds: [hello.kind],
      environment: { SMTP_URL: sink.url, SMTP_CONNECTIONS: "5" },
    });
    posts.push(post);
    await writeTo(post, tenantId, userIds);
    await expect(post.deliver(tenantId)).rejects.toThrow("the connection is lost");
    expect(await states(tenantId)).toEqual({ accepted: 100, sending: 100, queued: 100 });
    await until(async () => {
      await post.sweep();
      return !(await states(tenantId)).sending;
    }, "its claims come free");
    await deliverAll(post, tenantId);
    expect(await states(tenantId)).toEqual({ accepted: 300 });
    expect(sink.mails).toHaveLength(300);
  });

  it("finishes what is in hand when the server stops, and puts the rest back", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 300);
    const post = newPost();
    await writeTo(post, tenantId, userIds);
    const turn = post.deliver(tenantId);
    await until(() => sink.mails.length > 20, "some mails");
    post.stop();
    await turn;
    const { accepted = 0, queued = 0, ...others } = await states(tenantId);
    expect(others).toEqual({});
    expect(accepted).toBe(sink.mails.length);
    expect(accepted + queued).toBe(300);
    await deliverAll(newPost(), tenantId);
    expect(sink.mails).toHaveLength(300);
  });

  it("does not wait for ever for a server that hangs when it stops", async () => {
    const { tenantId, userIds } = await tenantWithUsers(database, 1);
    sink.onData = () => "hang";
    const post = newPost({}, { ...quickTiming, replyMs: 600_000, stopMs: 100 });
    await writeTo(post, tenantId, userIds);
    const turn = post.deliver(tenantId);
    await until(() => sink.mails.length > 0, "the mail that hangs");
    post.stop();
    await turn;
    expect(await states(tenantId)).toEqual({ deferred: 1 });
  });
});
