import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { writeSettings } from "#server/features/tenants/store.ts";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { helloKind, messagesOf, openPost, type Post, tenantWithUsers, writeTo } from "#tests/support/mail.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";

let database: TestDatabase;
let sink: SmtpSink;
let post: Post;

const { kind: hello } = helloKind();
const kinds = [
  hello,
  { ...hello, kind: "test.other" },
  { ...hello, kind: "test.reset", countedApart: true as const },
  { ...hello, kind: "test.needed", countedApart: true as const, atLeastADay: 4 },
];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  sink = await smtpSink();
  post = openPost({ database, kinds, environment: { SMTP_URL: sink.url } });
  return async () => {
    post.stop();
    await sink.stop();
  };
});

async function tenantWith(mailsPerAddress: number) {
  const { tenantId, userIds } = await tenantWithUsers(database, 2);
  await post.services.inTenant(tenantId, ({ tx, now }) =>
    writeSettings(tx, { tenantId, now, chosen: { mailsPerAddress } }),
  );
  const [eva = "", ada = ""] = userIds;
  const write = (userId: string, kind: string, times: number) =>
    writeTo(
      post,
      tenantId,
      Array.from({ length: times }, () => userId),
      { kind },
    );
  const sent = async (kind: string, userId = eva) => {
    const [row] = await database.query<{ sent: number }>(
      "select count(*)::int as sent from messages where user_id = $1 and kind = $2 and state = 'accepted'",
      [userId, kind],
    );
    return row?.sent;
  };
  return { tenantId, eva, ada, write, sent };
}

const tomorrow = () => new Date(`${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`);

it("sends an address as many as it may have, of all kinds together, and the others the next day; nobody else waits", async () => {
  const { tenantId, eva, ada, write, sent } = await tenantWith(5);
  await write(eva, "test.hello", 3);
  await post.deliver(tenantId);
  await write(eva, "test.other", 30);
  await write(ada, "test.other", 2);
  await post.deliver(tenantId);
  expect([await sent("test.hello"), await sent("test.other"), await sent("test.other", ada)]).toEqual([
    3, 2, 2,
  ]);
  const waiting = (await messagesOf(database, tenantId)).filter(({ state }) => state === "queued");
  expect(waiting).toHaveLength(28);
  for (const { attempts, last_reply } of waiting) {
    expect(attempts).toBe(0);
    expect(last_reply).toMatch(/^Muster has sent this address 5 emails today/);
  }
  const due = await database.query<{ due_at: Date }>(
    "select distinct due_at from messages where tenant_id = $1 and state = 'queued'",
    [tenantId],
  );
  expect(due).toEqual([{ due_at: tomorrow() }]);
  // The next day.
  await database.query(
    `update messages set finished_at = finished_at - interval '1 day', due_at = now() - interval '1 second'
      where tenant_id = $1`,
    [tenantId],
  );
  await post.deliver(tenantId);
  expect(await sent("test.other")).toBe(7);
});

it("counts by itself what nobody is to be kept waiting for, and bounds that too", async () => {
  const { tenantId, eva, write, sent } = await tenantWith(3);
  await write(eva, "test.hello", 8);
  await post.deliver(tenantId);
  await write(eva, "test.reset", 5);
  await post.deliver(tenantId);
  expect([await sent("test.hello"), await sent("test.reset")]).toEqual([3, 3]);
});

it("goes on with what is to arrive in any case, as far as that is said of it", async () => {
  const { tenantId, eva, write, sent } = await tenantWith(1);
  await write(eva, "test.hello", 2);
  await write(eva, "test.needed", 6);
  await post.deliver(tenantId);
  expect([await sent("test.hello"), await sent("test.needed")]).toEqual([1, 4]);
  const [postponed] = await database.query<{ last_reply: string }>(
    "select last_reply from messages where tenant_id = $1 and kind = 'test.needed' and state = 'queued'",
    [tenantId],
  );
  expect(postponed?.last_reply).toMatch(/^Muster has sent this address 4 emails today/);
});

it("counts what arrived, not what was refused or put off", async () => {
  const { tenantId, eva, write, sent } = await tenantWith(2);
  sink.onRecipient = () => ({ code: 550, words: "5.2.2 mailbox full" });
  await write(eva, "test.hello", 4);
  await post.deliver(tenantId);
  sink.onRecipient = () => "accept";
  await database.query("update messages set due_at = now() where tenant_id = $1 and state = 'queued'", [
    tenantId,
  ]);
  await post.deliver(tenantId);
  expect(await sent("test.hello")).toBe(2);
});

it("counts what the address was sent, whoever had it, and nothing of what went to another", async () => {
  const { tenantId, eva, ada, write, sent } = await tenantWith(3);
  const [before] = await database.query<{ email: string }>("select email from users where id = $1", [eva]);
  const address = before?.email ?? "";
  await write(eva, "test.hello", 2);
  await post.deliver(tenantId);
  // Eva is deleted, and Ada gets her address, written in another way.
  await database.query("update users set deleted_at = now() where id = $1", [eva]);
  await write(ada, "test.hello", 2);
  await post.deliver(tenantId);
  await database.query("update users set email = $2, email_key = $3 where id = $1", [
    ada,
    address.toUpperCase(),
    address.toLowerCase(),
  ]);
  await write(ada, "test.hello", 4);
  await post.deliver(tenantId);
  expect([await sent("test.hello", eva), await sent("test.hello", ada)]).toEqual([2, 2 + 1]);
});
