import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { musterProcess } from "#tests/support/muster-process.ts";
import { setUpTenant } from "#tests/support/portal-client.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";

/** The operator's commands, beside the running server. */
let muster: MusterProcess;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "muster-tenants-"));
  muster = await musterProcess();
  await setUpTenant(muster, "northwind");
});
afterAll(async () => {
  await muster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tenant = (...args: string[]) => muster.command("tenant", ...args);
const portal = async () => (await fetch(`${muster.address}/api/v1/t/northwind/portal`)).status;
const done = (run: ReturnType<typeof tenant>) => expect([run.status, run.stderr]).toEqual([0, ""]);

test("a tenant is renamed, and listed by its new name", () => {
  done(tenant("rename", "northwind", "--name", "Northwind Foundation"));
  expect(tenant("list").stdout).toBe(
    "Slug       Name                  Status\nnorthwind  Northwind Foundation  active\n",
  );
  expect(JSON.parse(tenant("list", "--json").stdout)).toEqual([
    {
      id: expect.any(String),
      slug: "northwind",
      name: "Northwind Foundation",
      status: "active",
      statusBefore: null,
      eraseAt: null,
    },
  ]);
});

test("a slug that is taken is called by the name of its option", () => {
  expect(tenant("create", "--slug", "northwind", "--name", "Other")).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^The slug northwind is taken/),
  });
});

test("limits are set, lifted, refused where they are none, and recorded as the operator's", async () => {
  done(tenant("limits", "northwind", "--users", "5000", "--imports-a-day", "20"));
  expect(JSON.parse(tenant("limits", "northwind", "--users", "none", "--json").stdout)).toEqual({
    users: null,
    importsADay: 20,
    mailsADay: null,
  });
  expect(tenant("limits", "northwind", "--users", "many")).toMatchObject({ status: 2 });
  const events = await muster.query<{ action: string }>(
    "select action from audit_events where actor_kind = 'operator' order by at",
  );
  expect(events.map(({ action }) => action)).toEqual([
    "tenant.settings_changed",
    "tenant.limits_changed",
    "tenant.limits_changed",
  ]);
});

test("whoever runs Muster meets a limit and is told the command that raises it, not to ask themselves", () => {
  done(tenant("limits", "northwind", "--users", "1"));
  const person = ["--email", "one.more@northwind.example", "--first-name", "One", "--last-name", "More"];
  expect(muster.command("user", "create", "--tenant", "northwind", ...person)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /^northwind may have 1 user .* tenant limits northwind --users <number>\n$/,
    ),
  });
  done(tenant("limits", "northwind", "--users", "none"));
});

test("an owner who has lost their second factors is let in again by the operator, signed out and told", async () => {
  const reset = (...args: string[]) =>
    muster.command("user", "reset-factors", "--tenant", "northwind", ...args);
  const olga = ["--email", "OLGA@northwind.example"];
  expect(reset(...olga)).toMatchObject({ status: 0, stdout: "Olga Owner has no second factor.\n" });
  await muster.query(
    `insert into authenticators (tenant_id, user_id, sealed_secret, set_up_at, last_step)
     select tenant_id, id, 'x', now(), 0 from users where email = 'olga@northwind.example'`,
  );
  expect(JSON.parse(reset(...olga, "--json").stdout)).toMatchObject({ removed: true });
  expect(await muster.query("select from authenticators")).toEqual([]);
  expect(await muster.query("select from sessions")).toEqual([]);
  expect(await muster.query("select from messages where kind = 'second_factor.removed'")).toHaveLength(1);
  expect(reset("--email", "nobody@northwind.example")).toMatchObject({ status: 2 });
});

test("suspended the portal is closed at once, and commands for its people are refused; then it is open again", async () => {
  expect(await portal()).toBe(200);
  done(tenant("suspend", "northwind"));
  expect(await portal()).toBe(404);
  const person = ["--email", "a@b.example", "--first-name", "A", "--last-name", "B"];
  const refused = muster.command("user", "create", "--tenant", "northwind", ...person);
  expect(refused).toMatchObject({
    status: 2,
    stderr: /is suspended.*tenant reactivate northwind/s,
  } as object);
  done(tenant("reactivate", "northwind"));
  expect(await portal()).toBe(200);
});

test("an export is a folder of files that a program reads, its own record among them", async () => {
  const to = join(folder, "northwind");
  done(tenant("export", "northwind", "--to", to));
  const lines = readFileSync(join(to, "users.jsonl"), "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ role: "owner", status: "active" }]);
  expect(JSON.parse(readFileSync(join(to, "tenant.json"), "utf8"))).toMatchObject({
    slug: "northwind",
    settings: { limits: { importsADay: 20 } },
    rows: { users: 1 },
  });
  expect(readFileSync(join(to, "audit_events.jsonl"), "utf8")).toContain('"tenant.exported"');
  expect(tenant("export", "northwind", "--to", to)).toMatchObject({ status: 2 });
  expect(await muster.query("select from audit_events where action = 'tenant.exported'")).toHaveLength(1);
});

test("deleted with grace it can be restored", async () => {
  expect(tenant("delete", "northwind", "--grace-days", "0")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("from 1 to 365"),
  });
  done(tenant("delete", "northwind", "--grace-days", "7"));
  expect(await portal()).toBe(404);
  expect(tenant("list").stdout).toMatch(/deleted, erased after \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m);
  done(tenant("restore", "northwind"));
  expect(await portal()).toBe(200);
});

test("deleted --now it asks for the slug once more, and leaves nothing but that", async () => {
  const unconfirmed = tenant("delete", "northwind", "--now");
  expect(unconfirmed).toMatchObject({ status: 2, stderr: /--confirm northwind/ } as object);
  expect(await portal()).toBe(200);
  done(tenant("delete", "northwind", "--now", "--confirm", "northwind"));
  expect(await portal()).toBe(404);
  for (const table of ["users", "sessions", "audit_events", "messages"])
    expect(await muster.query(`select from ${table}`)).toEqual([]);
  expect(tenant("create", "--slug", "northwind", "--name", "Another")).toMatchObject({ status: 2 });
});

test("a new tenant has the time zone it is given, and none that does not exist", async () => {
  const create = (slug: string, ...zone: string[]) =>
    tenant("create", "--slug", slug, "--name", slug, ...zone);
  expect(create("southwind", "--time-zone", "Mars/Olympus")).toMatchObject({
    status: 2,
    stderr: /Choose a time zone such as Europe\/Berlin/,
  } as object);
  done(create("southwind", "--time-zone", "America/Lima"));
  expect(await muster.query("select settings from tenants where slug = 'southwind'")).toEqual([
    { settings: { timeZone: "America/Lima" } },
  ]);
});
