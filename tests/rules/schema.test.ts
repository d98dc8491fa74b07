import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeSchema } from "#server/platform/db/describe-schema.ts";
import { migrationsDir } from "#server/platform/db/migrate.ts";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** Tables that belong to no tenant, each with its reason. */
const withoutTenant = new Map([
  ["tenants", "its key is the tenant itself; it has policies of its own"],
  ["setup_links", "there is no tenant yet; the system role only"],
  ["rate_limits", "counters by hashed key; the system role only"],
]);

/** Policies beside the usual two, each with its reason. */
const morePolicies = new Map([
  ["audit_events", ["closed_months"]], // nothing of the current month can be removed
  ["user_search", ["search_rows"]], // app.search_users reads it as the owner
]);

test("a fresh schema is schema.sql; UPDATE_SCHEMA=1 writes it anew", async () => {
  const client = new pg.Client(database.connection.superuser);
  await client.connect();
  const described = await describeSchema(client).finally(() => client.end());
  const path = join(migrationsDir, "schema.sql");
  if (process.env.UPDATE_SCHEMA) writeFileSync(path, described);
  expect(described).toBe(readFileSync(path, "utf8"));
});

/** Policies beyond the two that every table has, each with its reason. */
test("every table is under forced row-level security with a tenant policy, or on the short list above", async () => {
  const tables = await database.query<{
    name: string;
    forced: boolean;
    policies: string[] | null;
    has_tenant: boolean;
  }>(
    `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
            (select array_agg(policyname::text order by policyname) from pg_policies p
              where p.schemaname = 'muster' and p.tablename = c.relname) as policies,
            exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as has_tenant
       from pg_class c where c.relnamespace = 'muster'::regnamespace and c.relkind in ('r', 'p')`,
  );
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    if (withoutTenant.has(table.name)) continue;
    expect(table, table.name).toMatchObject({
      forced: true,
      has_tenant: true,
      policies: [...(morePolicies.get(table.name) ?? []), "system_rows", "tenant_rows"],
    });
  }
  const appMayReach = await database.query<{ table_name: string }>(
    "select distinct table_name from information_schema.role_table_grants where grantee = 'muster_app' and table_schema = 'muster'",
  );
  const reached = new Set(appMayReach.map((row) => row.table_name));
  expect([...withoutTenant.keys()].filter((name) => reached.has(name))).toEqual(["tenants"]);
});

test("tenant_id leads every primary key and every unique index", async () => {
  const rows = await database.query<{ index: string; first: string; table: string }>(
    `select i.indexrelid::regclass::text as index, c.relname as table,
            (select attname::text from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) as first
       from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relnamespace = 'muster'::regnamespace and i.indisunique`,
  );
  const wrong = rows.filter((row) => row.first !== "tenant_id" && !withoutTenant.has(row.table));
  expect(wrong).toEqual([]);
});

test("there is nothing in the schema that a distributed PostgreSQL cannot do", async () => {
  expect(
    await database.query(
      "select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid where not tgisinternal and c.relnamespace = 'muster'::regnamespace",
    ),
  ).toEqual([]);
  expect(
    await database.query(
      "select conname from pg_constraint where connamespace = 'muster'::regnamespace and (condeferrable or confdeltype in ('n', 'd'))",
    ),
  ).toEqual([]);
  expect(
    await database.query(
      "select conname from pg_constraint where connamespace = 'muster'::regnamespace and conname ~ '_[0-9]+$'",
    ),
  ).toEqual([]);
});

test("none of the four roles is a superuser, bypasses row-level security or may become another", async () => {
  const roles = await database.query(
    "select rolname from pg_roles where rolname like 'muster\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)",
  );
  expect(roles).toEqual([]);
  const members = await database.query(
    "select * from pg_auth_members where member::regrole::text like 'muster\\_%'",
  );
  expect(members).toEqual([]);
});

test("the application's role sees and writes one tenant's rows, the owner none, without a tenant nobody any", async () => {
  const [a, b] = ["0190a000-0000-7000-8000-00000000000a", "0190a000-0000-7000-8000-00000000000b"];
  const insert = (tenant: string, other: string) =>
    database.inTenant(tenant, (tx) =>
      tx.run(
        "insert into groups (tenant_id, id, name, name_key, created_at, updated_at) values ($1, $1, 'G', 'g', now(), now())",
        [other],
      ),
    );
  await insert(a, a);
  await insert(b, b);
  await expect(insert(a, b)).rejects.toThrow(/row-level security/);
  const seen = (tenant: string) => database.inTenant(tenant, (tx) => tx.rows("select tenant_id from groups"));
  expect(await seen(a)).toEqual([{ tenant_id: a }]);
  const owner = new pg.Client(database.connection.muster_owner);
  await owner.connect();
  expect((await owner.query("select * from muster.groups")).rows).toEqual([]);
  await owner.end();
  const app = new pg.Client(database.connection.muster_app);
  await app.connect();
  expect((await app.query("select * from muster.groups")).rows).toEqual([]);
  for (const role of ["muster_system", "muster_owner", "muster_queue"]) {
    await expect(app.query(`set role ${role}`)).rejects.toThrow(/permission denied/);
  }
  await expect(app.query("select graphile_worker.add_job('x')")).rejects.toThrow(/permission denied/);
  await app.end();
});

describe("the audit log", () => {
  const tenant = "0190a000-0000-7000-8000-00000000000c";
  const tables = ["audit_events", "audit_personal", "audit_pending", "audit_links", "audit_heads"];
  const asApp = (sql: string) => database.inTenant(tenant, (tx) => tx.run(sql));
  const asSystem = (sql: string) => database.asSystem("try", (tx) => tx.run(sql));
  const refused = (attempt: Promise<unknown>) => expect(attempt).rejects.toThrow(/permission denied/);

  beforeAll(async () => {
    await asApp(`insert into audit_events (tenant_id, id, at, action, actor_kind) values
      ('${tenant}', '${tenant}', now(), 'x', 'system'),
      ('${tenant}', '0190a000-0000-7000-8000-00000000000d', now() - interval '40 days', 'x', 'system')`);
  });

  test("the application's role adds events and neither changes nor removes them", async () => {
    await refused(asApp("update audit_events set action = 'y'"));
    await refused(asApp("delete from audit_events"));
    await refused(asApp("truncate audit_events"));
  });

  test("the application's role adds personal values and erases them, and never changes them", async () => {
    await refused(asApp("update audit_personal set content = '{}'"));
    expect(await asApp("delete from audit_personal")).toBe(0);
  });

  test("the application's role has no hand in the chain", async () => {
    for (const table of ["audit_links", "audit_heads"]) {
      await refused(asApp(`insert into ${table} (tenant_id) values ('${tenant}')`));
      await refused(asApp(`update ${table} set hash = ''`));
      await refused(asApp(`delete from ${table}`));
    }
    await refused(asApp("delete from audit_pending"));
    await refused(asApp(`update audit_pending set event_id = '${tenant}'`));
  });

  test("the system role changes no event, value or link, and removes only events of months that are over", async () => {
    await refused(asSystem("update audit_events set action = 'y'"));
    await refused(asSystem("update audit_personal set content = '{}'"));
    await refused(asSystem("update audit_links set hash = ''"));
    for (const table of tables) await refused(asSystem(`truncate ${table}`));
    expect(await asSystem(`delete from audit_events where tenant_id = '${tenant}'`)).toBe(1);
    expect(await database.query("select id from audit_events where tenant_id = $1", [tenant])).toEqual([
      { id: tenant },
    ]);
  });
});
