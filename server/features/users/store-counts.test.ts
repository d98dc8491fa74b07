import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "#server/context.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { invitePeople } from "#tests/support/people.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { createGroup } from "../groups/create-group.ts";
import { readGroup } from "../groups/store.ts";
import { foldMemberCounts } from "../groups/store-member-counts.ts";
import { eraseUsers } from "./erase-users.ts";
import { lockUsers, writeSignIn } from "./store.ts";
import { countUserRows, foldCounts } from "./store-counts.ts";
import { writeHasFactor } from "./store-factor.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
});
afterAll(() => installation.close());

/** What the counts say, and what the rows of the users and of their memberships say. */
async function bothCounts() {
  const [summed] = await installation.database.query(
    `select coalesce(json_agg(c order by status, role, signed_in, has_factor), '[]') as counts from (
       select status, role, signed_in, has_factor, sum(people)::int as people from user_counts where tenant_id = $1
        group by 1, 2, 3, 4 having sum(people) <> 0) c`,
    [tenant.id],
  );
  const [counted] = await installation.database.query(
    `select json_agg(c order by status, role, signed_in, has_factor) as counts from (
       select status, role, last_sign_in_at is not null as signed_in, has_factor, count(*)::int as people from users
        where tenant_id = $1 and deleted_at is null group by 1, 2, 3, 4) c`,
    [tenant.id],
  );
  const groups = async (table: string, members: string) =>
    installation.database.query(
      `select group_id, ${members}::int as members from ${table} where tenant_id = $1
        group by group_id having ${members} <> 0 order by group_id`,
      [tenant.id],
    );
  return {
    summed: [summed, await groups("member_counts", "sum(members)")],
    counted: [counted, await groups("memberships", "count(*)")],
  };
}

test("the counts are those of the rows after every kind of change, folded or not", async () => {
  const group = await tenant.run((ctx) => createGroup(ctx, { name: "Choir", description: "", active: true }));
  const groupIds = [group.id];
  const [one = "", two = "", three = "", four = "", five = ""] = await invitePeople(
    tenant,
    ["One", "Two", "Three", "Four", "Five"].map((first) => ({ first, last: "Counted", groupIds })),
  );
  const { owner } = tenant;
  const second = await tenant.run((ctx) => createGroup(ctx, { name: "Band", description: "", active: true }));
  const members = (groupId: string, change: object) =>
    owner.call("POST", `/groups/${groupId}/members`, change);
  const fold = async (ctx: Context) => {
    await foldCounts(ctx);
    await foldMemberCounts(ctx, groupIds);
  };
  const steps = [
    () => members(second.id, { add: [one, two, three], remove: [] }),
    () => members(second.id, { add: [one, four], remove: [two, five] }),
    () => owner.call("PATCH", `/users/${one}`, { version: 1, removeGroupIds: [second.id] }),
    () => owner.call("POST", `/users/${one}/suspend`),
    () => owner.call("POST", `/users/${two}/suspend`),
    () => owner.call("POST", `/users/${two}/reactivate`),
    () => owner.call("PATCH", `/users/${three}`, { version: 1, role: "auditor" }),
    () => owner.call("DELETE", `/users/${four}`),
    () => owner.call("DELETE", `/users/${four}`),
    () => owner.call("POST", `/users/${four}/restore`),
    () => owner.call("DELETE", `/users/${four}`),
    () => owner.call("DELETE", `/groups/${second.id}`),
    () => tenant.run((ctx) => writeHasFactor(ctx, one, true)),
    () => tenant.run((ctx) => writeHasFactor(ctx, one, true)),
    () => tenant.run((ctx) => writeHasFactor(ctx, two, true)),
    () => tenant.run((ctx) => writeHasFactor(ctx, two, false)),
    () => tenant.run((ctx) => writeSignIn(ctx, one)),
    () => tenant.run((ctx) => writeSignIn(ctx, one)),
    () => tenant.run(fold),
    () => invitePeople(tenant, [{ first: "Six", last: "Counted" }]),
    () =>
      tenant.run(async (ctx) => {
        await lockUsers(ctx, [five]);
        await eraseUsers(ctx, [five], { why: "Withdrawn." });
      }),
    () => tenant.run(fold),
    () => tenant.run(fold),
  ];
  for (const step of steps) {
    await step();
    const { summed, counted } = await bothCounts();
    expect(summed, String(step)).toEqual(counted);
  }
  const counts = (filter: object) => tenant.run((ctx) => countUserRows(ctx, filter));
  expect(await counts({})).toEqual({ all: 5, invited: 3, active: 1, suspended: 1 });
  expect(await counts({ role: "auditor" })).toEqual({ all: 1, invited: 1, active: 0, suspended: 0 });
  expect(await counts({ neverSignedIn: true })).toEqual({ all: 4, invited: 3, active: 1, suspended: 0 });
  expect(await counts({ secondFactor: "set_up" })).toEqual({ all: 1, invited: 0, active: 0, suspended: 1 });
  expect(await counts({ secondFactor: "none" })).toEqual({ all: 4, invited: 3, active: 1, suspended: 0 });
  expect(await counts({ groupId: group.id })).toEqual({ all: 3, invited: 2, active: 0, suspended: 1 });
  expect((await tenant.run((ctx) => readGroup(ctx, group.id))).members).toBe(3);
});

test("many at once wait for nobody and lose nothing, while the counts are folded", async () => {
  await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      if (n % 10 === 9) return tenant.run((ctx) => foldCounts(ctx));
      const [id = ""] = await invitePeople(tenant, [{ first: `At once ${n}`, last: "Counted" }]);
      return Promise.all([
        tenant.run((ctx) => writeSignIn(ctx, id)),
        tenant.run((ctx) => writeSignIn(ctx, id)),
      ]);
    }),
  );
  const { summed, counted } = await bothCounts();
  expect(summed).toEqual(counted);
  const [{ rows } = { rows: 0 }] = await installation.database.query<{ rows: number }>(
    "select count(*)::int as rows from user_counts where tenant_id = $1",
    [tenant.id],
  );
  expect(rows).toBeGreaterThan(3);
  await tenant.run((ctx) => foldCounts(ctx));
  const folded = await installation.database.query("select from user_counts where tenant_id = $1", [
    tenant.id,
  ]);
  expect(folded.length).toBeLessThan(rows);
  expect((await bothCounts()).summed).toEqual(counted);
});
