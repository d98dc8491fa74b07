import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import type { Tx } from "./tx.ts";

const tenant = "0190a000-0000-7000-8000-0000000000aa";
const ids = ["0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"] as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.query(
    `insert into groups (tenant_id, id, name, name_key, created_at, updated_at)
     select $1, id, id::text, id::text, now(), now() from unnest($2::uuid[]) id`,
    [tenant, [...ids]],
  );
});
afterAll(() => database.drop());

test("of two transactions that wait for each other one is done again, and both succeed", async () => {
  let arrived = 0;
  let open = () => {};
  const bothHoldOne = new Promise<void>((resolve) => {
    open = resolve;
  });
  let attempts = 0;
  const take = (first: string, second: string) =>
    database.inTenant(tenant, async (tx) => {
      attempts += 1;
      const raise = "update groups set version = version + 1 where tenant_id = $1 and id = $2";
      await tx.run(raise, [tenant, first]);
      arrived += 1;
      if (arrived >= 2) open();
      await bothHoldOne;
      await tx.run(raise, [tenant, second]);
    });
  await Promise.all([take(ids[0], ids[1]), take(ids[1], ids[0])]);
  // Done again so soon, it may stand in the other's way once more.
  expect(attempts).toBeGreaterThanOrEqual(3);
  const versions = await database.query<{ version: number }>(
    "select version from groups where tenant_id = $1",
    [tenant],
  );
  expect(versions).toEqual([{ version: 3 }, { version: 3 }]);
});

test("a transaction that throws leaves nothing behind, and its connection is used again", async () => {
  for (let round = 0; round < 30; round += 1) {
    const failing = database.inTenant(tenant, async (tx) => {
      await tx.run("update groups set version = 99 where tenant_id = $1", [tenant]);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
  }
  const [row] = await database.query<{ most: number }>(
    "select max(version) as most from groups where tenant_id = $1",
    [tenant],
  );
  expect(row?.most).toBeLessThan(99);
});

test("a prepared statement asked three times at once, and in a transaction that fails, is good for the next", async () => {
  const asked = (n: number) => (tx: Tx) => tx.prepared("select $1::int + 1 as n", [n]);
  for (let round = 0; round < 30; round += 1) {
    const failing = database.inTenant(tenant, async (tx) => {
      await Promise.all([tx.rows("select 1 / 0"), asked(1)(tx)]);
    });
    await expect(failing).rejects.toThrow("division by zero");
    const three = await database.inTenant(tenant, (tx) => Promise.all([1, 2, 3].map((n) => asked(n)(tx))));
    expect(three).toEqual([[{ n: 2 }], [{ n: 3 }], [{ n: 4 }]]);
  }
});

test("what is sent without waiting is done when the transaction is, and undoes it where it fails", async () => {
  const versionOf = async (id: string) => {
    const sql = "select version from groups where tenant_id = $1 and id = $2";
    const [row] = await database.query<{ version: number }>(sql, [tenant, id]);
    return row?.version;
  };
  const set = "update groups set version = $3::int where tenant_id = $1 and id = $2";
  await database.inTenant(tenant, async (tx) => tx.send(set, [tenant, ids[0], 7]));
  expect(await versionOf(ids[0])).toBe(7);
  const failing = [
    async (tx: Tx) => tx.send("select 1 / $1::int", [0]),
    async (tx: Tx) => {
      tx.send("select 1 / $1::int", [0]);
      await tx.run(set, [tenant, ids[0], 8]);
    },
  ];
  for (const fail of failing) {
    const failed = database.inTenant(tenant, async (tx) => {
      tx.send(set, [tenant, ids[0], 8]);
      await fail(tx);
    });
    await expect(failed).rejects.toThrow("division by zero");
    expect(await versionOf(ids[0])).toBe(7);
  }
});

test("a tenant's id is a UUID and nothing else", async () => {
  expect(() => database.inTenant("'; drop table users; --", async () => {})).toThrow("UUID");
});
