import { expect, it } from "vitest";
import { messagesOf, tenantWithUsers, writeTo } from "#tests/support/mail.ts";
import { mailRoom } from "#tests/support/mail-room.ts";
import { until } from "#tests/support/until.ts";

const room = mailRoom();

it("hands each of several hundred messages over exactly once, on 5 connections", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 400);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 400 });
  expect(new Set(room.sink.mails.map((mail) => mail.recipient)).size).toBe(400);
  expect(room.sink.mails).toHaveLength(400);
  expect(room.sink.mostConnections).toBe(5);
  expect(new Set(room.hello.accepted).size).toBe(400);
  expect(room.hello.accepted).toHaveLength(400);
});

it("shares a tenant's messages between two processes without sending one twice", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 300);
  const [first, second] = [room.newPost(), room.newPost()];
  await writeTo(first, tenantId, userIds);
  await Promise.all([room.deliverAll(first, tenantId), room.deliverAll(second, tenantId)]);
  expect(room.sink.mails).toHaveLength(300);
  expect(new Set(room.sink.mails.map((mail) => mail.recipient)).size).toBe(300);
});

it("keeps the server's words, the recipient and the Message-ID", async () => {
  const { tenantId, slug, userIds } = await tenantWithUsers(room.database, 1);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  await room.deliverAll(post, tenantId);
  const [message] = await messagesOf(room.database, tenantId);
  expect(message).toMatchObject({ state: "accepted", attempts: 1, recipient: `u1@${slug}.example` });
  expect(message?.last_reply).toMatch(/^250 /);
  const [mail] = room.sink.mails;
  expect(mail?.messageId).toBe(`<${message?.id}.${tenantId.slice(-12)}@muster.example>`);
  expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
  expect(mail?.from?.value).toEqual([{ name: `Tenant ${slug}`, address: "no-reply@muster.example" }]);
  expect(mail?.text).toContain("Hello, Eva of Tenant");
});

it("lets nobody starve: a few messages of one tenant do not wait for the thousands of another", async () => {
  const many = await tenantWithUsers(room.database, 400);
  const few = await tenantWithUsers(room.database, 5);
  const post = room.newPost();
  await writeTo(post, many.tenantId, many.userIds);
  await writeTo(post, few.tenantId, few.userIds);
  const big = room.deliverAll(post, many.tenantId);
  await until(() => room.sink.mails.length > 0, "the first mail");
  await room.deliverAll(post, few.tenantId);
  expect(room.sink.mails.length).toBeLessThan(150);
  await big;
});

it("hands what somebody waits for over before what is queued", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 301);
  const post = room.newPost();
  const [waiting = "", ...others] = userIds;
  await writeTo(post, tenantId, others);
  await writeTo(post, tenantId, [waiting], { dueAt: "first" });
  await room.deliverAll(post, tenantId);
  expect(room.sink.mails.slice(0, 5).map((mail) => mail.recipient)).toContainEqual(
    expect.stringMatching(/^u1@/),
  );
});

it("leaves what waits for something, until it is due", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 1);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds, { dueAt: "later" });
  await post.deliver(tenantId);
  expect(await room.states(tenantId)).toEqual({ queued: 1 });
  expect(room.sink.mails).toHaveLength(0);
});

it("holds a suspended tenant's messages and withdraws a suspended user's", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 2);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  await room.database.query("update users set status = 'suspended' where id = $1", [userIds[0]]);
  await room.database.query("update tenants set status = 'suspended' where id = $1", [tenantId]);
  await post.deliver(tenantId);
  expect(await room.states(tenantId)).toEqual({ queued: 2 });
  await room.database.query("update tenants set status = 'active' where id = $1", [tenantId]);
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 1, withdrawn: 1 });
  expect(room.hello.givenUp).toHaveLength(1);
});

it("keeps neither the address nor the server's words of somebody who was erased with their email in hand", async () => {
  const { tenantId, slug, userIds } = await tenantWithUsers(room.database, 1);
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  room.sink.onRecipient = async (address) => {
    await room.database.query("delete from users where tenant_id = $1", [tenantId]);
    return { code: 550, words: `5.1.1 <${address}>: no such user` };
  };
  await post.deliver(tenantId);
  const [message] = await messagesOf(room.database, tenantId);
  expect(message).toMatchObject({ state: "refused", attempts: 1, recipient: null, last_reply: null });
  const kept = await room.database.query(
    "select to_jsonb(m)::text || coalesce(to_jsonb(a)::text, '') as row from messages m left join message_attempts a on a.message_id = m.id where m.tenant_id = $1",
    [tenantId],
  );
  expect(JSON.stringify(kept)).not.toContain(`u1@${slug}`);
});

it("carries on past a kind that cannot put its message together, and past one whose hook throws", async () => {
  const { tenantId, userIds } = await tenantWithUsers(room.database, 20);
  room.hello.kind.accepted = async () => {
    throw new Error("a bug");
  };
  const post = room.newPost();
  await writeTo(post, tenantId, userIds);
  await room.deliverAll(post, tenantId);
  expect(await room.states(tenantId)).toEqual({ accepted: 20 });
  expect(room.sink.mails).toHaveLength(20);
  room.hello.kind.contents = async () => {
    throw new Error("another bug");
  };
  await writeTo(post, tenantId, userIds.slice(0, 1));
  await post.deliver(tenantId);
  const messages = await messagesOf(room.database, tenantId);
  expect(messages.at(-1)).toMatchObject({ state: "deferred", attempts: 1 });
});
