import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { helloKind, messagesOf, openPost, type Post, tenantWithUsers, writeTo } from "#tests/support/mail.ts";
import { addMessages } from "./add-messages.ts";
import { keptInMailbox } from "./contract.ts";
import { countMessagesOfImport, latestMessages, makeDue } from "./store.ts";
import { withdrawMessages } from "./withdraw-messages.ts";

let database: TestDatabase;
let post: Post;
const hello = helloKind();

beforeAll(async () => {
  database = await testDatabase();
  post = openPost({ database, kinds: [hello.kind] });
});
afterAll(async () => {
  post.stop();
  await database.drop();
});

const jobsOf = (tenantId: string) =>
  database.query("select key from graphile_worker.jobs where key = $1", [`mail.deliver:${tenantId}`]);

it("wakes a sender once for many messages, and not for one that waits", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 3);
  await writeTo(post, tenantId, userIds, { dueAt: "later" });
  expect(await jobsOf(tenantId)).toHaveLength(0);
  await writeTo(post, tenantId, userIds);
  await writeTo(post, tenantId, userIds);
  expect(await jobsOf(tenantId)).toHaveLength(1);
});

it("makes no message in a transaction that fails", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 1);
  const failed = post.services.inTenant(tenantId, async (ctx) => {
    await addMessages(
      ctx,
      userIds.map((userId) => ({ userId, kind: "test.hello" })),
    );
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(await messagesOf(database, tenantId)).toHaveLength(0);
  expect(await jobsOf(tenantId)).toHaveLength(0);
});

it("makes what waits due, of these people only", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 3);
  await writeTo(post, tenantId, userIds, { dueAt: "later" });
  const due = await post.services.inTenant(tenantId, ({ tx, now }) =>
    makeDue(tx, { tenantId, userIds: userIds.slice(0, 2), now }),
  );
  expect(due).toBe(2);
  await post.deliver(tenantId);
  expect((await messagesOf(database, tenantId)).map((message) => message.state).sort()).toEqual([
    "accepted",
    "accepted",
    "queued",
  ]);
});

it("withdraws what has not gone, tells its kind, and keeps secrets when asked", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 2);
  const [first = "", second = ""] = userIds;
  await writeTo(post, tenantId, userIds);
  const before = hello.givenUp.length;
  const withdrawn = await post.services.inTenant(tenantId, (ctx) => withdrawMessages(ctx, [first]));
  expect(withdrawn).toEqual([first]);
  expect(hello.givenUp).toHaveLength(before + 1);
  await post.services.inTenant(tenantId, (ctx) => withdrawMessages(ctx, [second], "keeping secrets"));
  expect(hello.givenUp).toHaveLength(before + 1);
  await post.deliver(tenantId);
  expect(new Set((await messagesOf(database, tenantId)).map((message) => message.state))).toEqual(
    new Set(["withdrawn"]),
  );
});

it("says where each person's latest message stands", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 2);
  const [told = "", untold = ""] = userIds;
  await writeTo(post, tenantId, [told]);
  await post.deliver(tenantId);
  await writeTo(post, tenantId, [told]);
  const latest = await post.services.inTenant(tenantId, ({ tx }) => latestMessages(tx, tenantId, userIds));
  expect(latest?.get(told)).toMatchObject({ state: "queued", lastReply: null });
  expect(latest?.has(untold)).toBe(false);
});

it("is found again by the sweep when its wake-up was lost", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 1);
  await writeTo(post, tenantId, userIds);
  await database.query("select graphile_worker.remove_job($1)", [`mail.deliver:${tenantId}`]);
  expect(await jobsOf(tenantId)).toHaveLength(0);
  await post.sweep();
  expect(await jobsOf(tenantId)).toHaveLength(1);
});

const none = {
  ...{ held: 0, scheduled: 0, queued: 0, sending: 0, deferred: 0 },
  ...{ accepted: 0, kept: 0, failed: 0, withdrawn: 0 },
};

/** Rows of an import that invited all of these but the last, who was a user already. */
async function importOf({ tenantId, userIds }: { tenantId: string; userIds: readonly string[] }) {
  const importId = uuid();
  await database.query(
    `insert into import_rows (tenant_id, import_id, file_no, row_no, user_id, email, email_key, first_name, last_name,
                              name_key, given_key, outcome)
     select $1, $2, 0, n, id, '', '', '', '', '', '', case n when $4 then 'existing' else 'invited' end
       from unnest($3::uuid[]) with ordinality u(id, n)`,
    [tenantId, importId, userIds, userIds.length],
  );
  return () =>
    post.services.inTenant(tenantId, async ({ tx }) => ({
      counts: await countMessagesOfImport(tx, tenantId, importId),
      latest: await latestMessages(tx, tenantId, userIds.slice(0, -1), "account"),
    }));
}

it("counts where the emails of an import's new users stand", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 4);
  const read = await importOf({ tenantId, userIds });
  await writeTo(post, tenantId, userIds, { kind: "user.test" });
  await writeTo(post, tenantId, userIds.slice(0, 1));
  await database.query("update messages set state = 'bounced' where kind = 'user.test' and user_id = $1", [
    userIds[1],
  ]);
  expect((await read())?.counts).toEqual({ ...none, queued: 2, failed: 1 });
});

it("counts each state that the rows show, and nothing that failed before a later email", async () => {
  const { tenantId, userIds } = await tenantWithUsers(database, 9);
  const read = await importOf({ tenantId, userIds });
  const setState = (who: number, set: string) =>
    database.query(`update messages set ${set} where user_id = $1 and state = 'queued'`, [userIds[who]]);
  await writeTo(post, tenantId, userIds, { kind: "user.test" });
  await setState(0, "state = 'bounced', created_at = created_at - interval '1 hour', finished_at = now()");
  await writeTo(post, tenantId, userIds.slice(0, 1), { kind: "user.test" });
  await setState(1, "state = 'held'");
  await setState(2, "not_before = now() + interval '1 hour'");
  await setState(3, "state = 'sending'");
  await setState(4, "state = 'deferred'");
  await setState(5, "state = 'accepted', last_reply = '250 queued as 1', finished_at = now()");
  await setState(6, "state = 'accepted', last_reply = null, finished_at = now()");
  await database.query("update messages set last_reply = $2 where user_id = $1", [userIds[6], keptInMailbox]);
  await setState(7, "state = 'refused', finished_at = now()");
  // What they are written later about something else says nothing of their account.
  await writeTo(post, tenantId, userIds.slice(5, 6));
  const { counts, latest } = (await read()) ?? {};
  expect(counts).toEqual({
    ...none,
    ...{ queued: 1, held: 1, scheduled: 1, sending: 1, deferred: 1, accepted: 2, kept: 1, failed: 1 },
  });
  expect(userIds.slice(0, -1).map((id) => latest?.get(id)?.state)).toEqual([
    ...["queued", "held", "scheduled", "sending", "deferred", "accepted", "kept", "refused"],
  ]);
});
