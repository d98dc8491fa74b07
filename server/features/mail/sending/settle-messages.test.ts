import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { helloKind, messagesOf, openPost, tenantWithUsers, writeTo } from "#tests/support/mail.ts";
import { settleMessages } from "./settle-messages.ts";
import { claimMessages } from "./store-claims.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

test("of messages that another sender has claimed meanwhile nothing is noted, and their kinds are told nothing", async () => {
  const { kind, accepted } = helloKind();
  const post = openPost({ database, kinds: [kind] });
  const { tenantId, userIds } = await tenantWithUsers(database, 3);
  await writeTo(post, tenantId, userIds);
  const claim = (sender: string, limit: number) =>
    post.services.inTenant(tenantId, ({ tx, now }) =>
      claimMessages(tx, { tenantId, sender, now, limit, urgent: false }),
    );
  const theirs = (await claim("7", 1)) ?? [];
  const ours = (await claim("8", 2)) ?? [];
  const settled = [...theirs, ...ours].map((claimed) => ({
    claimed,
    state: "accepted" as const,
    tried: true,
    recipient: "somebody@example.org",
    reply: "250 taken",
    dueAt: null,
  }));
  await settleMessages(post.services, { tenantId, sender: "8", day: "2026-11-28" }, settled);
  const states = new Map((await messagesOf(database, tenantId)).map(({ id, state }) => [id, state]));
  expect(theirs.map(({ id }) => states.get(id))).toEqual(["sending"]);
  expect(ours.map(({ id }) => states.get(id))).toEqual(["accepted", "accepted"]);
  expect(accepted.slice(-2).sort()).toEqual(ours.map(({ id }) => id).sort());
});
