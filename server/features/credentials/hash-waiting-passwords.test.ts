import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { jobs } from "#server/app.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { peopleToHash } from "#tests/support/waiting-passwords.ts";
import { hashWaitingPasswords } from "./hash-waiting-passwords.ts";

let muster: TestInstallation;

beforeAll(async () => {
  muster = await testInstallation({ LOG_LEVEL: "silent" });
});
afterAll(() => muster.close());

const unhashed = async (tenant: TestTenant) =>
  (
    await muster.database.query<{ user_id: string }>(
      "select user_id from credentials where tenant_id = $1 and password_hash is null and sealed_password is not null",
      [tenant.id],
    )
  ).length;

const wakeUps = (tenant: TestTenant) =>
  muster.database.query<{ run_at: Date }>("select run_at from graphile_worker.jobs where key = $1", [
    `passwords.hash:${tenant.id}`,
  ]);

const waitingMessages = (tenant: TestTenant) =>
  muster.database.query(
    "select 1 from messages where tenant_id = $1 and state = 'queued' and due_at = 'infinity'",
    [tenant.id],
  );

const runJob = (name: string, payload = {}) =>
  jobs.find((job) => job.name === name)?.run(payload, muster.services);

it("leaves what is more than a turn's work to the next turn, which keeps its place in the queue", async () => {
  const tenant = await testTenant(muster);
  await peopleToHash(tenant, 72);
  await muster.database.query("select graphile_worker.remove_job($1)", [`passwords.hash:${tenant.id}`]);
  await hashWaitingPasswords(tenant.id, muster.services, 0);
  expect(await unhashed(tenant)).toBe(8);
  const [next] = await wakeUps(tenant);
  expect(next).toBeDefined();
  await peopleToHash(tenant, 1);
  expect(await wakeUps(tenant)).toEqual([next]);
  await hashWaitingPasswords(tenant.id, muster.services, 0);
  expect(await unhashed(tenant)).toBe(0);
  expect(await waitingMessages(tenant)).toEqual([]);
});

it("tries again soon where another process is hashing the same tenant's", async () => {
  const tenant = await testTenant(muster);
  await peopleToHash(tenant, 1);
  const other = await muster.database.connect();
  await other.query("select pg_advisory_lock(hashtextextended($1, 0))", [`passwords.hash:${tenant.id}`]);
  await hashWaitingPasswords(tenant.id, muster.services);
  await other.end();
  expect(await unhashed(tenant)).toBe(1);
  const later = await muster.database.query("select 1 from graphile_worker.jobs where key = $1", [
    `passwords.hash.later:${tenant.id}`,
  ]);
  expect(later).toHaveLength(1);
});

it("goes past seals that do not open: they are erased, and their owners' emails become due", async () => {
  const tenant = await testTenant(muster);
  const userIds = await peopleToHash(tenant, 72);
  await muster.database.query(
    "update credentials set sealed_password = '\\x00' where user_id = any($1::uuid[])",
    [userIds.slice(0, 67)],
  );
  await hashWaitingPasswords(tenant.id, muster.services);
  const rows = await muster.database.query<{ hashed: boolean; sealed: boolean }>(
    `select password_hash is not null as hashed, sealed_password is not null as sealed
       from credentials where user_id = any($1::uuid[]) order by user_id`,
    [userIds],
  );
  const none = { hashed: false, sealed: false };
  const both = { hashed: true, sealed: true };
  expect(rows).toEqual([...Array(67).fill(none), ...Array(5).fill(both)]);
  expect(await waitingMessages(tenant)).toEqual([]);
});

it("finds emails again that wait for a hash which is there", async () => {
  const tenant = await testTenant(muster);
  await peopleToHash(tenant, 2);
  await hashWaitingPasswords(tenant.id, muster.services);
  await muster.database.query("update messages set due_at = 'infinity' where tenant_id = $1", [tenant.id]);
  await muster.database.query("select graphile_worker.remove_job($1)", [`passwords.hash:${tenant.id}`]);
  await runJob("passwords.sweep");
  expect(await wakeUps(tenant)).toHaveLength(1);
  await runJob("passwords.hash", { tenantId: tenant.id });
  expect(await waitingMessages(tenant)).toEqual([]);
});

/** What the hash job does to one person, step by step. */
async function hashing(userId: string) {
  const client = new pg.Client({ ...muster.database.connection.superuser, options: "-c search_path=muster" });
  await client.connect();
  // Sooner than a deadlock is found and one of the two is tried again.
  await client.query("begin; set local lock_timeout = '500ms'");
  await client.query("update credentials set password_hash = 'hashed' where user_id = $1", [userId]);
  return {
    makeDueAndCommit: async () => {
      await client.query("update messages set due_at = now() where user_id = $1 and state = 'queued'", [
        userId,
      ]);
      await client.query("commit");
      await client.end();
    },
  };
}

const somebodyWaits = () =>
  until(async () => {
    const waiting = await muster.database.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return waiting.length > 0;
  }, "somebody waits for the credential");

it("and a resend at the same time: the new email does not wait for a hash that is stored", async () => {
  const tenant = await testTenant(muster);
  const [userId = ""] = await peopleToHash(tenant, 1);
  const hash = await hashing(userId);
  const resent = tenant.owner.call("POST", `/users/${userId}/credentials/resend`);
  await somebodyWaits();
  await hash.makeDueAndCommit();
  expect((await resent).status).toBe(200);
  expect(await waitingMessages(tenant)).toEqual([]);
});

it("and a reactivation at the same time: its email does not wait for a hash that is stored", async () => {
  const tenant = await testTenant(muster);
  const [userId = ""] = await peopleToHash(tenant, 1);
  expect((await tenant.owner.call("POST", `/users/${userId}/suspend`)).status).toBe(200);
  const hash = await hashing(userId);
  const reactivated = tenant.owner.call("POST", `/users/${userId}/reactivate`);
  await somebodyWaits();
  await hash.makeDueAndCommit();
  expect((await reactivated).status).toBe(200);
  expect(await waitingMessages(tenant)).toEqual([]);
});

it.each(["delete", "change of address"])(
  "and a %s at the same time wait for one another, not both",
  async (way) => {
    const tenant = await testTenant(muster);
    const [userId = ""] = await peopleToHash(tenant, 1);
    const hash = await hashing(userId);
    const change = { version: 1, email: `other@${tenant.slug}.example` };
    const changed =
      way === "delete"
        ? tenant.owner.call("DELETE", `/users/${userId}`)
        : tenant.owner.call("PATCH", `/users/${userId}`, change);
    await somebodyWaits();
    await hash.makeDueAndCommit();
    expect((await changed).status).toBe(way === "delete" ? 204 : 200);
  },
);
