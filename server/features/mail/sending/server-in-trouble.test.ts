import { expect, it } from "vitest";
import { messagesOf, quickTiming, tenantWithUsers, writeTo } from "#tests/support/mail.ts";
import { mailRoom } from "#tests/support/mail-room.ts";
import type { Answer } from "#tests/support/smtp-sink.ts";
import { until } from "#tests/support/until.ts";
import { usualTiming } from "./timing.ts";

/** Messages while there is trouble with the mail server, or with one recipient. */
const room = mailRoom();

it("puts back what a slow one leaves of a turn: another tenant's turn has come", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 30);
  const post = room.newPost({ SMTP_CONNECTIONS: "1" }, { ...quickTiming, turnMs: 500, overtimeMs: 100 });
  room.sink.onRecipient = async (): Promise<Answer> => {
    // Every message takes longer than the whole turn may.
    const over = Date.now() + 700;
    await until(() => Date.now() > over, "the end of the turn");
    return "accept";
  };
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  const { accepted = 0, ...others } = await room.states(tenantId);
  expect(accepted).toBeLessThanOrEqual(1);
  expect(others).toEqual({ queued: 30 - accepted });
  const left = (await messagesOf(room.database, tenantId)).filter(({ state }) => state === "queued");
  expect(new Set(left.map(({ attempts }) => attempts))).toEqual(new Set([0]));
});

it("fails nothing while it is down, says so, and delivers once when it is back", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 30);
  const post = room.newPost();
  await room.sink.stop();
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  const messages = await messagesOf(room.database, tenantId);
  expect(new Set(messages.map((message) => message.state))).toEqual(new Set(["deferred", "queued"]));
  for (const { state, attempts, last_reply } of messages) {
    expect(attempts).toBe(state === "deferred" ? 1 : 0);
    expect(last_reply).toMatch(state === "deferred" ? /refuses connections/ : /^Other emails failed/);
  }
  await room.sink.start();
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 30 });
  expect(room.sink.mails).toHaveLength(30);
});

it("leaves a server that fails for everything in peace for a while", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 300);
  const post = room.newPost({}, { ...quickTiming, retryDelay: () => 3_600_000, troublePauseMs: 3_600_000 });
  await room.sink.stop();
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  await post.deliver(tenantId);
  const { deferred = 0, ...others } = await room.states(tenantId);
  // Five failures are trouble, and the other four connections had something in hand.
  expect(deferred).toBeGreaterThanOrEqual(5);
  expect(deferred).toBeLessThanOrEqual(9);
  expect(others).toEqual({ queued: 300 - deferred });
});

it("says of no message what the server said of another", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 60);
  const post = room.newPost({}, { ...quickTiming, retryDelay: () => 3_600_000, troublePauseMs: 3_600_000 });
  room.sink.onRecipient = (address) => ({ code: 454, words: `4.7.1 <${address}>: Relay access denied` });
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  const messages = await messagesOf(room.database, tenantId);
  for (const { recipient, last_reply, state, attempts } of messages) {
    expect(last_reply).not.toBeNull();
    if (state === "deferred") expect(last_reply).toContain(`<${recipient}>`);
    else expect([state, attempts, last_reply?.includes("@")]).toEqual(["queued", 0, false]);
  }
  expect(messages.filter(({ state }) => state === "queued").length).toBeGreaterThan(40);
});

it("gives up on what the server refuses, and keeps its words", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 2);
  room.sink.onRecipient = (address) =>
    address.startsWith("u1@") ? { code: 550, words: "5.1.1 no such person" } : "accept";
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  await room.deliverAll(post, tenantId);
  const [refused, accepted] = await messagesOf(room.database, tenantId);
  expect(refused).toMatchObject({ state: "refused", attempts: 1, last_reply: "550 5.1.1 no such person" });
  expect(accepted?.state).toBe("accepted");
  expect(room.hello.givenUp).toEqual([refused?.id]);
});

it("loses nothing to a server that denies us, and leaves it in peace until that is mended", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 60);
  room.sink.onRecipient = (address) => ({ code: 554, words: `5.7.1 <${address}>: Relay access denied` });
  const post = room.newPost({}, { ...quickTiming, denialMs: 0, troublePauseMs: 200 });
  await writeTo(post, tenantId, userIds);
  // Each turn tries some of them, when the pause after the last one is over.
  await until(async () => {
    await post.deliver(tenantId);
    return ((await room.states(tenantId)).deferred ?? 0) >= 10;
  }, "another turn that tries");
  const { deferred = 0, ...others } = await room.states(tenantId);
  expect(deferred).toBeLessThan(60);
  expect(others).toEqual({ queued: 60 - deferred });
  room.sink.onRecipient = () => "accept";
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 60 });
  expect(room.hello.givenUp).toEqual([]);
});

it("believes a denial that the server stays by while it takes others", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 8);
  room.sink.onRecipient = (address) =>
    address.startsWith("u1@") ? { code: 550, words: "5.7.1 not from outside" } : "accept";
  const post = room.newPost({}, { ...quickTiming, denialMs: 0 });
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 7, deferred: 1 });
  await writeTo(post, tenantId, userIds.slice(1));
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 14, refused: 1 });
  const [denied] = await messagesOf(room.database, tenantId);
  expect(denied).toMatchObject({ state: "refused", last_reply: "550 5.7.1 not from outside" });
  expect(denied?.attempts).toBeGreaterThan(1);
});

it("refuses a whole list of bad addresses, and goes on", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 60);
  room.sink.onRecipient = (address) =>
    address.startsWith("u60@") ? "accept" : { code: 550, words: "5.1.1 no such person" };
  const post = room.newPost({}, { ...quickTiming, troublePauseMs: 3_600_000 });
  await writeTo(post, tenantId, userIds);
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 1, refused: 59 });
});

it("holds up no other tenant where it denies one", async () => {
  const [denied, other] = [await tenantWithUsers(room.database, 40), await tenantWithUsers(room.database, 5)];
  room.sink.onRecipient = (address) =>
    address.endsWith(`@${denied.slug}.example`) ? { code: 550, words: "5.7.1 spam" } : "accept";
  const post = room.newPost({}, { ...quickTiming, troublePauseMs: 3_600_000 });
  await writeTo(post, denied.tenantId, denied.userIds);
  await post.deliver(denied.tenantId);
  expect((await room.states(denied.tenantId)).queued).toBeGreaterThan(0);
  await writeTo(post, other.tenantId, other.userIds);
  await room.deliverAll(post, other.tenantId);
  expect(await room.states(other.tenantId)).toEqual({ accepted: 5 });
});

it("tries again what it defers", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 1);
  let asked = 0;
  room.sink.onRecipient = () => (asked++ < 2 ? { code: 451, words: "4.7.1 greylisted" } : "accept");
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  await post.deliver(tenantId);
  expect(await messagesOf(room.database, tenantId)).toMatchObject([
    { state: "deferred", attempts: 1, last_reply: "451 4.7.1 greylisted" },
  ]);
  await room.deliverAll(post, tenantId);
  expect(await messagesOf(room.database, tenantId)).toMatchObject([{ state: "accepted", attempts: 3 }]);
  expect(room.sink.mails).toHaveLength(1);
});

it("gives up after the last retry", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 1);
  room.sink.onData = () => ({ code: 452, words: "4.3.1 full" });
  const post = room.newPost(
    {},
    { ...quickTiming, retryDelay: ({ attempts }) => (attempts < 3 ? 1 : undefined) },
  );
  await writeTo(post, tenantId, userIds);
  await room.deliverAll(post, tenantId);
  expect(await messagesOf(room.database, tenantId)).toMatchObject([
    { state: "expired", attempts: 3, last_reply: "452 4.3.1 full" },
  ]);
  expect(room.hello.givenUp).toHaveLength(1);
});

it("gives up by the time since its first try, however often it was tried in that", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 1);
  room.sink.onData = () => ({ code: 452, words: "4.3.1 full" });
  const post = room.newPost(
    { MAIL_RETRY_HOURS: "1" },
    { ...quickTiming, retryDelay: usualTiming.retryDelay },
  );
  await writeTo(post, tenantId, userIds);
  const tryNow = async () => {
    await room.database.query(
      "update messages set due_at = now() - interval '1 second' where tenant_id = $1",
      [tenantId],
    );
    await post.deliver(tenantId);
  };
  for (let n = 0; n < 8; n += 1) await tryNow();
  expect(await messagesOf(room.database, tenantId)).toMatchObject([{ state: "deferred", attempts: 8 }]);
  await room.database.query("update message_attempts set at = at - interval '1 hour' where tenant_id = $1", [
    tenantId,
  ]);
  await tryNow();
  expect(await messagesOf(room.database, tenantId)).toMatchObject([{ state: "expired", attempts: 9 }]);
});

it("repeats a message whose connection broke after DATA, with the same Message-ID", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 1);
  room.sink.onData = () => (room.sink.mails.length === 0 ? "drop" : "accept");
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  await room.deliverAll(post, tenantId);
  expect(room.sink.mails).toHaveLength(2);
  expect(room.sink.mails[0]?.messageId).toBe(room.sink.mails[1]?.messageId);
  expect(await messagesOf(room.database, tenantId)).toMatchObject([{ state: "accepted", attempts: 2 }]);
});
