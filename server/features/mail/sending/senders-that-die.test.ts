import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, it } from "vitest";
import { quickTiming, tenantWithUsers, writeTo } from "#tests/support/mail.ts";
import { mailRoom } from "#tests/support/mail-room.ts";
import { until } from "#tests/support/until.ts";

/** Senders that die, lose their connection or are stopped, with messages in hand. */
const room = mailRoom();
const deliverUntilKilled = fileURLToPath(import.meta.resolve("#tests/support/deliver-until-killed.ts"));

/** Keeps the table from being written, until whoever wants to has waited for half a second. */
const keepFromNoting = async () => {
  const client = new pg.Client({ ...room.database.connection.superuser, options: "-c search_path=muster" });
  await client.connect();
  await client.query("begin; lock table messages in share mode");
  await until(async () => {
    const waiting = await room.database.query(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and now() - query_start > interval '500 ms'`,
    );
    return waiting.length > 0;
  }, "somebody waits");
  return () => client.end();
};

it("recovers the claims of a dead sender, and never those of a living one", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 2);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  const alive = await room.database.connect();
  await alive.query("select pg_advisory_lock(4611686018427387000)");
  await room.database.query(
    `update messages set state = 'sending', claimed_by = case when user_id = $2 then 4611686018427387000 else 4242 end
      where tenant_id = $1`,
    [tenantId, userIds[0]],
  );
  await post.sweep();
  await until(async () => {
    await post.deliver(tenantId);
    return (await room.states(tenantId)).accepted;
  }, "the dead sender's message goes out");
  expect(await room.states(tenantId)).toEqual({ accepted: 1, sending: 1 });
  await alive.end();
  await until(async () => {
    await post.sweep();
    return (await room.states(tenantId)).queued;
  }, "the claim of the sender that died comes free");
  await room.deliverAll(post, tenantId);
  expect(room.sink.mails).toHaveLength(2);
});

it("repeats at most one message for each open connection after kill -9", async () => {
  const tenants = [await tenantWithUsers(room.database, 200), await tenantWithUsers(room.database, 200)];
  const tenantIds = tenants.map((tenant) => tenant.tenantId);
  const post = room.newPost();
  for (const { tenantId, userIds } of tenants) await writeTo(post, tenantId, userIds);
  const child = spawn(process.execPath, [deliverUntilKilled], {
    env: {
      ...process.env,
      JOB: JSON.stringify({ connection: room.database.connection, tenantIds, smtpUrl: room.sink.url }),
    },
    stdio: "inherit",
  });
  const ended = once(child, "exit");
  await until(() => room.sink.mails.length > 50, "some mails");
  // Nothing can be noted for a while: so each connection must stop after the one message it has in hand.
  const release = await keepFromNoting();
  child.kill("SIGKILL");
  await ended;
  await release();
  for (const tenantId of tenantIds) {
    await until(async () => {
      await post.sweep();
      return !(await room.states(tenantId)).sending;
    }, "its claims come free");
    await room.deliverAll(post, tenantId);
    expect(await room.states(tenantId)).toEqual({ accepted: 200 });
  }
  expect(new Set(room.sink.mails.map((mail) => mail.messageId)).size).toBe(400);
  expect(room.sink.mails.length).toBeLessThanOrEqual(405);
});

it("starts anew under another number when its database connection is lost", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 200);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  const turn = post.deliver(tenantId);
  await until(() => room.sink.mails.length > 20, "some mails");
  await room.database.query(
    `select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );
  await turn;
  await post.sweep();
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 200 });
  // What was in hand when the lock went may come twice, under the same Message-ID; nothing else does.
  expect(room.sink.mails.length).toBeLessThanOrEqual(205);
  expect(new Set(room.sink.mails.map((mail) => mail.messageId)).size).toBe(200);
});

it("gives back what it had claimed when the answer to that was lost", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 300);
  let claims = 0;
  const claiming = (result: unknown) =>
    (result as { messages?: unknown[] } | undefined)?.messages?.length === 100;
  const inTenant: typeof room.database.inTenant = async (id, work) => {
    const result = await room.database.inTenant(id, work);
    // The second claim is made ahead of time, while nobody waits for it yet.
    if (claiming(result) && ++claims === 2) throw new Error("the connection is lost");
    return result;
  };
  const post = room.newPost({}, quickTiming, { ...room.database, inTenant });
  await writeTo(post, tenantId, userIds);
  await expect(post.deliver(tenantId)).rejects.toThrow("the connection is lost");
  expect(await room.states(tenantId)).toEqual({ accepted: 100, sending: 100, queued: 100 });
  await until(async () => {
    await post.sweep();
    return !(await room.states(tenantId)).sending;
  }, "its claims come free");
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 300 });
  expect(room.sink.mails).toHaveLength(300);
});

it("finishes what is in hand when the server stops, and puts the rest back", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 300);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  const turn = post.deliver(tenantId);
  await until(() => room.sink.mails.length > 20, "some mails");
  post.stop();
  await turn;
  const { accepted = 0, queued = 0, ...others } = await room.states(tenantId);
  expect(others).toEqual({});
  expect(accepted).toBe(room.sink.mails.length);
  expect(accepted + queued).toBe(300);
  await room.deliverAll(room.newPost(), tenantId);
  expect(room.sink.mails).toHaveLength(300);
});

it("does not wait for ever for a server that hangs when it stops", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 1);
  room.sink.onData = () => "hang";
  const post = room.newPost({}, { ...quickTiming, replyMs: 600_000, stopMs: 100 });
  await writeTo(post, tenantId, userIds);
  const turn = post.deliver(tenantId);
  await until(() => room.sink.mails.length > 0, "the mail that hangs");
  post.stop();
  await turn;
  expect(await room.states(tenantId)).toEqual({ deferred: 1 });
});
