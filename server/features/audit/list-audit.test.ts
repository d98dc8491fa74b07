import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordSome } from "#tests/support/audit.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";
import type { AuditEvent } from "./contract.ts";
import { record, recordAll } from "./record.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
});
afterAll(() => installation.close());
beforeEach(async () => {
  tenant = await testTenant(installation);
});

type Page = { items: AuditEvent[]; nextCursor: string | null };
const list = async (query: Record<string, string> = {}) => {
  const answer = await tenant.owner.call<Page>("GET", `/audit?${new URLSearchParams(query)}`);
  expect(answer.status).toBe(200);
  return answer.body;
};
const actions = async (query: Record<string, string> = {}) =>
  (await list(query)).items.map(({ action }) => action);

test("an event as it is shown: who, what, whom, when, from where, before and after", async () => {
  await recordSome(tenant, 1);
  const { items } = await list();
  expect(items).toEqual([
    {
      id: expect.any(String),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      action: "user.changed",
      actor: { kind: "user", id: tenant.owner.id, name: "Test owner" },
      target: { kind: "user", id: tenant.owner.id, name: "Test owner" },
      ip: null,
      userAgent: null,
      fields: ["firstName"],
      changes: { firstName: { before: "Ada 1", after: "Eva 1" } },
      address: null,
      details: {},
      erased: false,
      position: null,
    },
  ]);
});

test("pages go through everything once, newest first, also where many are of one moment", async () => {
  await recordSome(tenant, 25);
  await installation.database.query(
    "update audit_events set at = date_trunc('minute', at) + interval '123 microseconds' where tenant_id = $1",
    [tenant.id],
  );
  const seen: AuditEvent[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await list({ limit: "10", ...(cursor && { cursor }) });
    seen.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(25);
  const keys = seen.map(({ at, id }) => `${at} ${id}`);
  expect(keys).toEqual([...keys].sort().reverse());
});

describe("filters", () => {
  test("who, what, whom and from where", async () => {
    const auditor = await tenant.person("auditor");
    const browser = visitor(installation, tenant.slug, { ip: "203.0.113.7" });
    await browser.signIn(auditor.email, testPassword);
    await browser.signIn(auditor.email, "wrong");
    await tenant.owner.call("POST", "/groups", { name: "Staff" });
    expect(await actions()).toEqual(["group.created", "sign_in.refused", "sign_in.succeeded"]);
    expect(await actions({ actor: auditor.id })).toEqual(["sign_in.succeeded"]);
    expect(await actions({ actor: "anonymous" })).toEqual(["sign_in.refused"]);
    expect(await actions({ action: "sign_in." })).toEqual(["sign_in.refused", "sign_in.succeeded"]);
    expect(await actions({ target: auditor.id, action: "sign_in.r" })).toEqual(["sign_in.refused"]);
    expect(await actions({ ip: "203.0.113.7" })).toEqual(["sign_in.refused", "sign_in.succeeded"]);
    expect(await actions({ ip: "203.0.113.8" })).toEqual([]);
  });

  test("when: from a moment on, and before one", async () => {
    const at = (time: string, action: string) =>
      tenant.run((ctx) => record({ ...ctx, now: new Date(time) }, { action }));
    await at("2026-03-01T10:00:00Z", "a.first");
    await at("2026-03-01T11:00:00Z", "a.second");
    await at("2026-03-01T12:00:00Z", "a.third");
    expect(await actions({ from: "2026-03-01T11:00:00Z" })).toEqual(["a.third", "a.second"]);
    expect(await actions({ to: "2026-03-01T12:00:00+01:00" })).toEqual(["a.first"]);
  });

  test("what cannot be one is refused", async () => {
    for (const query of ["actor=nobody", "ip=here", "from=yesterday", "cursor=x"])
      expect((await tenant.owner.call("GET", `/audit?${query}`)).status).toBe(400);
  });
});

test("each filter takes its index, under row-level security", async () => {
  await recordSome(tenant, 3);
  const plans = [
    ["order by at desc, id desc", "audit_events_newest"],
    [`and actor_id = '${tenant.owner.id}' order by at desc, id desc`, "audit_events_actor"],
    [`and target_id = '${tenant.owner.id}' order by at desc, id desc`, "audit_events_target"],
    ["and ip = '203.0.113.7' order by at desc, id desc", "audit_events_ip"],
  ];
  for (const [filter, index] of plans) {
    const plan = await installation.database.inTenant(tenant.id, async (tx) => {
      await tx.run(
        "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off",
      );
      const rows = await tx.rows<Record<string, string>>(
        `explain select * from audit_events where tenant_id = '${tenant.id}' ${filter} limit 50`,
      );
      return rows.map((row) => Object.values(row)[0]).join("\n");
    });
    expect(plan).toContain(`Index Scan Backward using ${index}`);
    expect(plan).not.toContain("Sort");
  }
});

describe("exports", () => {
  const csv = (query = "") => tenant.owner.call<string>("GET", `/audit.csv${query}`);

  test("CSV and JSON have every event that matches, and that they were made is one of them", async () => {
    await recordSome(tenant, 4);
    const table = (await csv()).body.trimEnd().split("\r\n");
    expect(table).toHaveLength(1 + 1 + 4);
    expect(table[1]).toContain("audit.exported");
    expect(table[2]).toContain('{""firstName"":{""before"":""Ada 4"",""after"":""Eva 4""}}');
    const json = await tenant.owner.call<AuditEvent[]>("GET", "/audit.json?action=user.");
    expect(json.body.map(({ changes }) => changes.firstName?.after)).toEqual([
      "Eva 4",
      "Eva 3",
      "Eva 2",
      "Eva 1",
    ]);
    const { items } = await list({ action: "audit.exported" });
    expect(items.map(({ details }) => details)).toEqual([
      { format: "json", action: "user." },
      { format: "csv" },
    ]);
  });

  test("nothing is an empty array", async () => {
    expect((await tenant.owner.call("GET", "/audit.json?ip=203.0.113.9")).body).toEqual([]);
  });

  test("more than a page", async () => {
    const many = Array.from({ length: 4500 }, () => ({ action: "group.created" }));
    await tenant.run((ctx) => recordAll(ctx, many));
    expect((await csv("?action=group.")).body.trimEnd().split("\r\n")).toHaveLength(1 + 4500);
  });

  test("what cannot be asked for is refused, and neither begins a file nor is recorded as exported", async () => {
    const before = await actions();
    for (const path of ["/audit.csv", "/audit.json"]) {
      const answer = await tenant.owner.call("GET", `${path}?from=0000-01-01T00:00:00Z`);
      expect(answer, path).toMatchObject({ status: 400, body: { code: "request.invalid" } });
    }
    expect(await actions()).toEqual(before);
  });

  test("a name that a spreadsheet would run as a formula is only a name", async () => {
    await tenant.run((ctx) => record(ctx, { action: "sign_in.refused", address: "=cmd()@example.org" }));
    expect((await csv("?action=sign_in")).body).toContain(",'=cmd()@example.org,");
  });
});

test("who may read: owners, administrators and auditors", async () => {
  for (const [role, status] of [
    ["administrator", 200],
    ["auditor", 200],
    ["user_administrator", 403],
    ["member", 403],
  ] as const) {
    const person = await tenant.person(role);
    for (const path of ["/audit", "/audit.csv", "/audit.json"])
      expect((await person.call("GET", path)).status, `${role} ${path}`).toBe(status);
  }
});
