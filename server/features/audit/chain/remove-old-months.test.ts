import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { chainUp, findings, recordSome, verify } from "#tests/support/audit.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { auditJobs } from "../jobs.ts";
import { keepMonths } from "../keep-months.ts";
import { record } from "../record.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation({ AUDIT_KEEP_MONTHS: "24" });
});
afterAll(() => installation.close());
beforeEach(async () => {
  tenant = await testTenant(installation);
});

const query = <Row extends object>(sql: string, ...values: unknown[]) =>
  installation.database.query<Row>(sql, [tenant.id, ...values]);

/** Events of a month so many months ago, in the chain as if it had been made then. */
async function eventsOf(monthsAgo: number, count: number) {
  await recordSome(tenant, count);
  await query(
    `update audit_events set at = date_trunc('month', now(), 'UTC') - make_interval(months => $2) + interval '3 days'
      where tenant_id = $1 and id in (select event_id from audit_pending where tenant_id = $1)`,
    monthsAgo,
  );
  await chainUp(installation, tenant);
}

const removeOld = () =>
  auditJobs.find((job) => job.name === "audit.remove_old")?.run({}, installation.services);

const marks = () =>
  query<{ details: Record<string, unknown> }>(
    "select details from audit_events where tenant_id = $1 and action = 'audit.period_removed' order by id",
  );

test("whole months older than is kept are removed, the chain says so, and what is left fits", async () => {
  await eventsOf(30, 3);
  await eventsOf(27, 2);
  await eventsOf(24, 4);
  await eventsOf(0, 1);
  await removeOld();
  // The month 24 months ago is kept whole.
  expect(await marks()).toMatchObject([
    { details: { first: 1, last: 3 } },
    { details: { first: 4, last: 5 } },
  ]);
  const verified = await verify(installation, tenant);
  expect(verified).toMatchObject({ first: 6, last: 12, events: 7, findings: [] });
  const [left] = await query<{ events: number; personal: number }>(
    `select (select count(*)::int from audit_events where tenant_id = $1) as events,
            (select count(*)::int from audit_personal where tenant_id = $1) as personal`,
  );
  expect(left).toEqual({ events: 7, personal: 5 });
});

test("where everything is old the mark is what is left, and the next event follows it", async () => {
  await eventsOf(40, 5);
  await removeOld();
  expect(await verify(installation, tenant)).toMatchObject({ first: 6, last: 6, findings: [] });
  await recordSome(tenant, 2);
  await chainUp(installation, tenant);
  expect(await verify(installation, tenant)).toMatchObject({ first: 6, last: 8, findings: [] });
});

test("nothing is removed that is young enough, and nothing twice", async () => {
  await eventsOf(24, 2);
  await removeOld();
  expect(await marks()).toEqual([]);
  await query("update audit_events set at = at - interval '1 month' where tenant_id = $1");
  await query("delete from audit_links where tenant_id = $1");
  await query("insert into audit_pending select tenant_id, id from audit_events where tenant_id = $1");
  await query("delete from audit_heads where tenant_id = $1");
  await chainUp(installation, tenant);
  await removeOld();
  await removeOld();
  expect(await marks()).toHaveLength(1);
  expect(await findings(installation, tenant)).toEqual([]);
});

test("a mark that was changed does not make up for what is gone", async () => {
  await eventsOf(30, 3);
  await eventsOf(0, 2);
  await removeOld();
  await query(
    `update audit_events set details = jsonb_set(details, '{month}', '"2001-01"') where tenant_id = $1 and action = 'audit.period_removed'`,
  );
  expect(await findings(installation, tenant)).toEqual(["changed@6"]);
  await query("delete from audit_events where tenant_id = $1 and action = 'audit.period_removed'");
  expect(await findings(installation, tenant)).toEqual(["beginning_missing@1", "removed@6"]);
});

test.each([
  // What the operator keeps at most and at least, what the tenant wants: what counts.
  [0, 0, null, 0],
  [0, 12, null, 0],
  [24, 12, null, 24],
  [24, 12, 18, 18],
  [24, 12, 3, 12],
  [24, 12, 60, 24],
  [0, 12, 1, 12],
])(
  "at most %i, at least %i, wanted %s: kept %i months",
  (auditKeepMonths, auditKeepAtLeastMonths, wanted, kept) => {
    expect(keepMonths({ auditKeepMonths, auditKeepAtLeastMonths }, wanted)).toBe(kept);
  },
);

test("addresses that nobody has are erased after a month, those of people stay with them", async () => {
  const { call } = tenant.owner;
  await call("POST", "/session", { email: "nobody@example.org", password: "wrong" });
  await call("POST", "/session", { email: tenant.owner.email, password: "wrong" });
  await query("update audit_events set at = at - interval '31 days' where tenant_id = $1");
  const addresses = async () =>
    (
      await query<{ address: string }>(
        "select content->>'address' as address from audit_personal where tenant_id = $1",
      )
    ).map((row) => row.address);
  expect(await addresses()).toHaveLength(2);
  await removeOld();
  expect(await addresses()).toEqual([tenant.owner.email]);
});

test("a tenant that wants its events for less time has them removed sooner; for longer, no later", async () => {
  for (const [months, left] of [
    [60, 3],
    [12, 1],
  ] as const) {
    tenant = await testTenant(installation);
    await eventsOf(14, 2);
    await eventsOf(0, 1);
    await query(
      "update tenants set settings = jsonb_build_object('auditMonths', $2::int) where id = $1",
      months,
    );
    await removeOld();
    expect(
      await query("select from audit_events where tenant_id = $1 and action <> 'audit.period_removed'"),
    ).toHaveLength(left);
  }
});

test.each([1, 2])(
  "an event that a wrong clock put into a time to come, at position %i, keeps nothing longer",
  async (position) => {
    await eventsOf(30, 2);
    await query(
      `update audit_events set at = now() + interval '50 years'
      where tenant_id = $1 and id = (select event_id from audit_links where tenant_id = $1 and position = $2)`,
      position,
    );
    // As if the clock had been wrong when it was written: chained with that time.
    await query("delete from audit_links where tenant_id = $1");
    await query("delete from audit_heads where tenant_id = $1");
    await query("insert into audit_pending select tenant_id, id from audit_events where tenant_id = $1");
    await chainUp(installation, tenant);
    await eventsOf(26, 2);
    await eventsOf(0, 1);
    await removeOld();
    expect(await marks()).toMatchObject([
      { details: { first: 1, last: 2 } },
      { details: { first: 3, last: 4 } },
    ]);
    expect(await verify(installation, tenant)).toMatchObject({ first: 5, last: 7, events: 3, findings: [] });
  },
);

test("an address that somebody typed while the clock was far ahead is not kept until then", async () => {
  await tenant.run((ctx) => record(ctx, { action: "sign_in.refused", address: "nobody@example.org" }));
  await query("update audit_events set at = now() + interval '50 years' where tenant_id = $1");
  await removeOld();
  expect(await query("select from audit_personal where tenant_id = $1")).toEqual([]);
});
