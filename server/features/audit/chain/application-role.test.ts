import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chainUp, findings, recordSome, verify } from "#tests/support/audit.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { auditJobs } from "../jobs.ts";

/** What somebody may do who makes the portal run SQL of theirs: with the application's role, in one tenant. */
let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation({ AUDIT_KEEP_MONTHS: "24" });
});
afterAll(() => installation.close());
beforeEach(async () => {
  tenant = await testTenant(installation);
});

const asApplication = (sql: string, ...values: unknown[]) =>
  tenant.run(({ tx, tenantId }) => tx.run(sql, [tenantId, ...values]));
const found = () => findings(installation, tenant);
const job = (name: string) =>
  auditJobs.find((one) => one.name === name)?.run({}, installation.services) ?? Promise.reject(name);

describe("a note of an event that is in the chain already", () => {
  const noteAgain = () =>
    asApplication(
      "insert into audit_pending (tenant_id, event_id) select $1, event_id from audit_links where tenant_id = $1",
    );

  test("does not stop the chain, and is gone afterwards", async () => {
    await recordSome(tenant, 3);
    await chainUp(installation, tenant);
    await noteAgain();
    await recordSome(tenant, 2);
    await chainUp(installation, tenant);
    expect(await verify(installation, tenant)).toMatchObject({ last: 5, events: 5, findings: [] });
    const left = "select from audit_pending where tenant_id = $1";
    expect(await installation.database.query(left, [tenant.id])).toEqual([]);
  });

  test("is gone also where nothing else waits", async () => {
    await recordSome(tenant, 1);
    await chainUp(installation, tenant);
    await noteAgain();
    await chainUp(installation, tenant);
    const left = "select from audit_pending where tenant_id = $1";
    expect(await installation.database.query(left, [tenant.id])).toEqual([]);
    expect(await verify(installation, tenant)).toMatchObject({ last: 1, findings: [] });
  });
});

test("where one tenant's chain cannot go on, those of the others do", async () => {
  const tenants = [tenant, await testTenant(installation), await testTenant(installation)];
  for (const one of tenants) await recordSome(one, 1);
  const [broken] = tenants.map(({ id }) => id).sort();
  await installation.database.query(
    `alter table audit_links add constraint audit_links_test_check check (tenant_id <> '${broken}') not valid`,
  );
  try {
    await expect(job("audit.chain")).rejects.toThrow();
    const lasts = tenants.map(async (one) => [one.id, (await verify(installation, one)).last]);
    expect(Object.fromEntries(await Promise.all(lasts))).toEqual(
      Object.fromEntries(tenants.map(({ id }) => [id, id === broken ? null : 1])),
    );
  } finally {
    await installation.database.query("alter table audit_links drop constraint audit_links_test_check");
  }
  await job("audit.chain");
  expect((await verify(installation, tenant)).last).toBe(1);
});

test("an event that was slipped in with a time to come is found at once", async () => {
  await asApplication(
    `insert into audit_events (tenant_id, id, at, action, actor_kind)
     values ($1, $2, now() + interval '50 years', 'user.changed', 'operator')`,
    uuid(),
  );
  expect(await found()).toEqual(["not_chained@"]);
});

test.each([1.5, 1e30, -3, 0])(
  "%d months in one tenant's settings keep no tenant's events for ever",
  async (months) => {
    const other = await testTenant(installation);
    for (const one of [tenant, other]) {
      await recordSome(one, 2);
      await installation.database.query(
        "update audit_events set at = now() - interval '40 months' where tenant_id = $1",
        [one.id],
      );
      await chainUp(installation, one);
    }
    await asApplication(
      "update tenants set settings = jsonb_build_object('auditMonths', $2::numeric) where id = $1",
      months,
    );
    await job("audit.remove_old");
    for (const one of [tenant, other]) expect(await verify(installation, one)).toMatchObject({ first: 3 });
  },
);

test.each([
  ["no numbers", { first: "a", last: "b", hash: "c", signature: "d" }],
  ["nothing", {}],
  ["the number alone", { last: 3 }],
])(
  "marks of a retention that never was, with %s in them, hide no true one and stop no verification",
  async (_, details) => {
    await recordSome(tenant, 3);
    await installation.database.query(
      "update audit_events set at = now() - interval '40 months' where tenant_id = $1",
      [tenant.id],
    );
    await chainUp(installation, tenant);
    await job("audit.remove_old");
    const id = uuid();
    await asApplication(
      `insert into audit_events (tenant_id, id, at, action, actor_kind, details)
     values ($1, $2, now() + interval '1 minute', 'audit.period_removed', 'system', $3)`,
      id,
      details,
    );
    await asApplication("insert into audit_pending (tenant_id, event_id) values ($1, $2)", id);
    expect(await verify(installation, tenant)).toMatchObject({ first: 4, findings: [] });
  },
);
