import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkImport } from "#server/features/imports/check-import.ts";
import { importJobs } from "#server/features/imports/jobs.ts";
import { chainUp } from "#tests/support/audit.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { caller, type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { uploadCsv } from "#tests/support/upload.ts";
import { deleteTenant, restoreTenant } from "./delete-tenant.ts";
import { eraseTenant, eraseTenantsJob } from "./erase-tenant.ts";
import { exportTenant, undecidedBytes } from "./export-tenant.ts";
import { changeLimits } from "./limits.ts";
import { listTenantTables } from "./store-whole.ts";
import { reactivateTenant, suspendTenant } from "./suspend-tenant.ts";

let muster: TestInstallation;
beforeAll(async () => {
  muster = await testInstallation();
});
afterAll(() => muster.close());

const visitor = (tenant: TestTenant) => caller(muster, `/t/${tenant.slug}`);
const signIn = (tenant: TestTenant) =>
  visitor(tenant)("POST", "/session", { email: tenant.owner.email, password: testPassword });
const invite = (tenant: TestTenant, email: string) =>
  tenant.owner.call<{ id: string; code: string; detail: string }>("POST", "/users", {
    mode: "invite",
    firstName: "In",
    lastName: "Vited",
    email,
  });
const job = (name: string, payload: Record<string, string>) =>
  importJobs.find((one) => one.name === name)?.run(payload, muster.services);

/** A checked import of one person, whose Import CSV was pressed. */
async function startedImport(tenant: TestTenant) {
  const id = await uploadCsv(tenant.owner, "First name,Last name,Email\nIda,Row,ida@rows.example\n");
  const door = await muster.services.door(tenant.id);
  if (door) await checkImport(door, id, () => false);
  const plan = await tenant.owner.call<{ planHash: string }>("GET", `/imports/${id}`);
  await tenant.owner.call("POST", `/imports/${id}/apply`, { planHash: plan.body.planHash });
  return id;
}

describe("a suspended tenant", () => {
  let tenant: TestTenant;
  let importId: string;
  const stateOfImport = async () =>
    (await muster.database.query("select state from imports where id = $1", [importId]))[0];
  beforeAll(async () => {
    tenant = await testTenant(muster);
    importId = await startedImport(tenant);
    await tenant.operate(suspendTenant);
  });

  test("lets nobody in: sign-in, sessions, portal, links to a new password", async () => {
    expect((await signIn(tenant)).status).toBe(401);
    expect((await tenant.owner.call("GET", "/me")).status).toBe(401);
    expect((await visitor(tenant)("GET", "/portal")).status).toBe(404);
    await visitor(tenant)("POST", "/password-resets", { email: tenant.owner.email });
    expect(await muster.database.query("select from messages where tenant_id = $1", [tenant.id])).toEqual([]);
  });

  test("applies no import, and goes on where it was when it is open again", async () => {
    await job("imports.apply", { tenantId: tenant.id, importId });
    expect(await stateOfImport()).toEqual({ state: "applying" });
    await tenant.operate(reactivateTenant);
    await job("imports.apply", { tenantId: tenant.id, importId });
    expect(await stateOfImport()).toEqual({ state: "finished" });
    expect((await signIn(tenant)).status).toBe(200);
    // The session from before is one again.
    expect((await tenant.owner.call("GET", "/me")).status).toBe(200);
  });
});

describe("a deleted tenant", () => {
  test("is closed at once and restored as it was, also suspended", async () => {
    const tenant = await testTenant(muster);
    await tenant.operate((ctx) => deleteTenant(ctx, 30));
    expect((await tenant.owner.call("GET", "/me")).status).toBe(401);
    expect(await tenant.operate(restoreTenant)).toEqual({ status: "active" });
    expect((await tenant.owner.call("GET", "/me")).status).toBe(200);
    await tenant.operate(suspendTenant);
    await tenant.operate((ctx) => deleteTenant(ctx, 30));
    // Sooner than was said, or at once, it is not erased by mistake.
    for (const days of [10, 0])
      await expect(tenant.operate((ctx) => deleteTenant(ctx, days))).rejects.toThrow(/--confirm/);
    const { eraseAt } = await tenant.operate((ctx) => deleteTenant(ctx, 10, true));
    expect(eraseAt.getTime()).toBeLessThan(Date.now() + 11 * 86_400_000);
    await tenant.operate((ctx) => deleteTenant(ctx, 20));
    await expect(tenant.operate(reactivateTenant)).rejects.toThrow(/Restore it first/);
    expect(await tenant.operate(restoreTenant)).toEqual({ status: "suspended" });
    await expect(tenant.operate(restoreTenant)).rejects.toThrow(/is not deleted; it is suspended/);
  });

  test("is erased when its days are over: nothing in any table, its slug never anybody else's", async () => {
    const [tenant, neighbour] = [await testTenant(muster), await testTenant(muster)];
    for (const one of [tenant, neighbour]) {
      await startedImport(one);
      expect((await invite(one, "erased@people.example")).status).toBe(201);
    }
    await tenant.operate((ctx) => deleteTenant(ctx, 30));
    expect(await eraseTenant(muster.database, tenant.id, new Date())).toBe(false);
    expect((await rowsOf(tenant)).users).toBeGreaterThan(0);
    const before = await rowsOf(neighbour);
    await muster.database.query("update tenants set erase_at = now() - interval '1 second' where id = $1", [
      tenant.id,
    ]);
    await eraseTenantsJob.run({}, muster.services);
    expect(await rowsOf(tenant)).toEqual({});
    expect(await rowsOf(neighbour)).toEqual(before);
    await eraseAgain(tenant);
    const [left] = await muster.database.query(
      "select slug, name, status, settings, erase_at from tenants where id = $1",
      [tenant.id],
    );
    expect(left).toEqual({ slug: tenant.slug, name: "", status: "erased", settings: {}, erase_at: null });
    await expect(testTenant(muster, tenant.slug)).rejects.toThrow(/is taken/);
    await expect(tenant.operate(restoreTenant)).rejects.toThrow(/no such tenant/);
    expect((await signIn(tenant)).status).toBe(401);
  });

  test("keeps nothing either of what somebody was still writing when it was erased", async () => {
    const tenant = await testTenant(muster);
    const [written, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writing = tenant.run(async ({ tx, tenantId, now }) => {
      await tx.run(
        "insert into groups (tenant_id, id, name, name_key, created_at, updated_at) values ($1, $1, 'Staff', 'staff', $2, $2)",
        [tenantId, now],
      );
      written.resolve();
      await over.promise;
    });
    await written.promise;
    await tenant.operate((ctx) => deleteTenant(ctx, 0, true));
    expect(await eraseTenant(muster.database, tenant.id, new Date())).toBe(true);
    over.resolve();
    await writing;
    expect(await rowsOf(tenant)).toEqual({ groups: 1 });
    await eraseAgain(tenant);
    expect(await rowsOf(tenant)).toEqual({});
  });
});

/** The hour is over after which it is looked through once more. */
async function eraseAgain({ id }: TestTenant) {
  await muster.database.query(
    "update tenants set erase_at = now() - interval '1 second' where id = $1 and erase_at > now()",
    [id],
  );
  await eraseTenantsJob.run({}, muster.services);
}

test("the portal's role can neither open nor close a tenant, nor give it another slug, nor have it erased", async () => {
  const tenant = await testTenant(muster);
  for (const change of [
    "status = 'erased'",
    "status = 'active'",
    "erase_at = now()",
    "status_before = null",
    "slug = 'another'",
  ])
    await expect(
      tenant.run(({ tx, tenantId }) => tx.run(`update tenants set ${change} where id = $1`, [tenantId])),
    ).rejects.toThrow(/permission denied/);
});

/** How many rows each table has of a tenant; those that have none are left out. */
async function rowsOf(tenant: TestTenant): Promise<Record<string, number>> {
  const tables = await muster.database.query<{ name: string }>(
    "select table_name as name from information_schema.columns where table_schema = 'muster' and column_name = 'tenant_id'",
  );
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await muster.database.query<{ count: number }>(
      `select count(*)::int as count from ${name} where tenant_id = $1`,
      [tenant.id],
    );
    if (row?.count) found[name] = row.count;
  }
  return found;
}

test("of every column of bytes it is decided whether it is exported", async () => {
  const tables = await muster.database.asSystem("look at the tables", listTenantTables);
  // A seal, or the hash of what lets somebody in: into secretBytes of export-tenant.ts; anything else into shownBytes.
  expect(undecidedBytes(tables)).toEqual([]);
});

const hex = (bytes: number) => expect.stringMatching(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

test("an export holds every row of everything but secrets, and is nobody else's to read", async () => {
  const [tenant, neighbour] = [await testTenant(muster), await testTenant(muster)];
  await startedImport(tenant);
  await invite(tenant, "exported@people.example");
  await invite(neighbour, "neighbour@people.example");
  await chainUp(muster, tenant);
  const folder = mkdtempSync(join(tmpdir(), "muster-export-"));
  try {
    const counts = await exportTenant(muster.database, tenant.id, folder);
    const files = readdirSync(folder);
    const all = files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
    const { import_chunks, sessions, credentials, mailbox_messages, ...exported } = await rowsOf(tenant);
    for (const [table, count] of Object.entries(exported)) expect(counts[table], table).toBe(count);
    expect(all).toContain("exported@people.example");
    expect(all).toContain("ida@rows.example");
    expect(all).not.toContain("neighbour@people.example");
    const rows = files.filter((file) => file.endsWith(".jsonl"));
    for (const file of rows)
      expect(readFileSync(join(folder, file), "utf8")).not.toMatch(/argon2|sealed_|password_hash|id_hash/);
    const exportedRows = (table: string) =>
      readFileSync(join(folder, `${table}.jsonl`), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    // What proves that the audit log is as it was goes with it.
    expect(exportedRows("audit_heads")).toEqual([
      expect.objectContaining({ position: 3, hash: hex(32), signature: hex(64) }),
    ]);
    expect(exportedRows("audit_links")).toMatchObject(
      [1, 2, 3].map((position) => ({ position, hash: hex(32) })),
    );
    expect(exportedRows("audit_personal")).toMatchObject([{ salt: hex(16) }]);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o077, file).toBe(0);
    await expect(exportTenant(muster.database, tenant.id, folder)).rejects.toThrow(/is not empty/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("limits", () => {
  const somebodyWaits = () =>
    until(async () => {
      const waiting = await muster.database.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    }, "the second change waits for the first");

  test("of users: refused where they are made, with the numbers, and lifted again", async () => {
    const tenant = await testTenant(muster);
    await tenant.run((ctx) => changeLimits(ctx, { users: 2 }));
    expect((await invite(tenant, "second@people.example")).status).toBe(201);
    const third = await invite(tenant, "third@people.example");
    expect(third).toMatchObject({ status: 409, body: { code: "tenant.full" } });
    expect(third.body.detail).toContain("may have 2 users and has 2; 1 more would be too many");
    expect(await muster.database.query("select from users where tenant_id = $1", [tenant.id])).toHaveLength(
      2,
    );
    await tenant.run((ctx) => changeLimits(ctx, { users: null }));
    expect((await invite(tenant, "third@people.example")).status).toBe(201);
  });

  test("of users: an import is refused before it begins", async () => {
    const tenant = await testTenant(muster);
    await tenant.run((ctx) => changeLimits(ctx, { users: 1 }));
    const id = await startedImport(tenant);
    const [found] = await muster.database.query("select state from imports where id = $1", [id]);
    expect(found).toEqual({ state: "checked" });
  });

  test("of users: lowered while an import runs, it ends and says why; nobody is made", async () => {
    const tenant = await testTenant(muster);
    const id = await startedImport(tenant);
    await tenant.run((ctx) => changeLimits(ctx, { users: 1 }));
    await job("imports.apply", { tenantId: tenant.id, importId: id });
    const [found] = await muster.database.query("select state, problem from imports where id = $1", [id]);
    expect(found).toMatchObject({ state: "cancelled", problem: /may have 1 users? and has 1/ } as object);
    expect(await muster.database.query("select from users where tenant_id = $1", [tenant.id])).toHaveLength(
      1,
    );
  });

  test("of imports within 24 hours: the next upload is refused before anything is kept", async () => {
    const tenant = await testTenant(muster);
    await tenant.run((ctx) => changeLimits(ctx, { importsADay: 1 }));
    await uploadCsv(tenant.owner, "First name,Last name,Email\nA,B,a@rows.example\n");
    const refused = await tenant.owner.upload("/imports", [
      { name: "b.csv", content: "Email\nb@rows.example\n" },
    ]);
    expect(refused).toMatchObject({ status: 429, body: { code: "import.too_many_today" } });
    await muster.database.query(
      "update imports set created_at = now() - interval '25 hours' where tenant_id = $1",
      [tenant.id],
    );
    await uploadCsv(tenant.owner, "First name,Last name,Email\nA,B,a@rows.example\n");
  });

  test("changed by two at once: both are kept", async () => {
    const tenant = await testTenant(muster);
    const { second } = await tenant.run(async (ctx) => {
      await changeLimits(ctx, { users: 5 });
      const pending = tenant.run((other) => changeLimits(other, { mailsADay: 7 }));
      await somebodyWaits();
      return { second: pending };
    });
    await second;
    const both = { users: 5, importsADay: null, mailsADay: 7 };
    expect(await tenant.run((ctx) => changeLimits(ctx, {}))).toEqual(both);
  });

  test("a settings change by an administrator leaves the operator's limits as they are", async () => {
    const tenant = await testTenant(muster);
    await tenant.run((ctx) => changeLimits(ctx, { mailsADay: 100 }));
    const { body } = await tenant.owner.call<{ version: number }>("GET", "/settings");
    const sneaky = { version: body.version, sessionHours: 12, limits: { mailsADay: null } };
    expect((await tenant.owner.call("PATCH", "/settings", sneaky)).status).toBe(200);
    expect(await tenant.run((ctx) => changeLimits(ctx, {}))).toEqual({
      users: null,
      importsADay: null,
      mailsADay: 100,
    });
  });
});
