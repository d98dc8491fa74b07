import { expect, test } from "vitest";
import type { Context, JobServices } from "#server/context.ts";
import { importsByHand, one } from "#tests/support/imports-by-hand.ts";
import { until } from "#tests/support/until.ts";
import { lockForRemoval } from "../users/lock-user.ts";
import { lockUserRows } from "../users/store.ts";
import { suspendLeavers } from "./leavers/suspend-leavers.ts";

const desk = importsByHand({});
const { newTenant, upload, checked, applied, query, job } = desk;

/** Somebody made by an import, whose days of grace are over at once. */
async function withLeaver() {
  await newTenant();
  const { owner } = desk.tenant;
  const named = async (content: string) => {
    const { id } = await checked(content);
    await owner.call("PATCH", `/imports/${id}`, { source: "Register", leaversGraceDays: 0 });
    await owner.call("POST", `/imports/${id}/leavers`, { ticked: true });
    return applied(id);
  };
  await named(one);
  await named(one.replaceAll("anna", "zoe").replaceAll("Anna", "Zoe"));
  return desk.tenant;
}
const statusOfAnna = async (tenantId: string) =>
  (
    await query(
      "select id, status from users where tenant_id = $1 and email_key = 'anna@northwind.example'",
      [tenantId],
    )
  )[0];

test("what fails in one tenant keeps no other from being looked after, and work is woken first", async () => {
  const broken = await withLeaver();
  const overdue = await upload();
  await query("update imports set created_at = now() - interval '25 hours' where id = $1", [overdue]);
  const other = await withLeaver();
  const waiting = await upload();
  const { services } = desk.installation;
  const logged: object[] = [];
  const rough: JobServices = {
    ...services,
    log: { ...services.log, error: (details) => logged.push(details) },
    inTenant: <T>(tenantId: string, work: (ctx: Context) => Promise<T>) =>
      tenantId === broken.id ? Promise.reject(new Error("broken")) : services.inTenant(tenantId, work),
  };
  await query("delete from graphile_worker._private_jobs");
  await job("imports.sweep", {}, rough);
  expect(logged).toMatchObject([{ tenantId: broken.id }, { tenantId: broken.id }]);
  expect(await statusOfAnna(broken.id)).toMatchObject({ status: "invited" });
  expect(await statusOfAnna(other.id)).toMatchObject({ status: "suspended" });
  const woken = await query(
    "select key from graphile_worker.jobs where key like 'imports.check:%' order by key",
  );
  expect(woken.map(({ key }) => key)).toEqual(
    [broken.id, other.id].map((id) => `imports.check:${id}`).sort(),
  );
  await job("imports.sweep");
  expect(await statusOfAnna(broken.id)).toMatchObject({ status: "suspended" });
  expect(
    await query("select state from imports where id = any($1) order by state", [[overdue, waiting]]),
  ).toEqual([{ state: "cancelled" }, { state: "checking" }]);
});

test("suspending leavers waits for whoever takes people's access away, and neither dies of it", async () => {
  const tenant = await withLeaver();
  const anna = String((await statusOfAnna(tenant.id))?.id);
  let suspending: Promise<unknown> | undefined;
  await desk.door.run(async (ctx) => {
    await lockForRemoval(ctx, []);
    suspending = desk.door.run(suspendLeavers);
    suspending.catch(() => {});
    const waits =
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await until(async () => (await query(waits)).length > 0, "the sweep to wait");
    expect(await lockUserRows(ctx, [anna])).toHaveLength(1);
  });
  await suspending;
  expect(await statusOfAnna(tenant.id)).toMatchObject({ status: "suspended" });
});

test("whom two imports would suspend is suspended once, on the account of one of them", async () => {
  const tenant = await withLeaver();
  await query(
    `insert into import_leavers (tenant_id, import_id, user_id, ticked, suspend_at)
     select tenant_id, gen_random_uuid(), user_id, true, suspend_at from import_leavers where tenant_id = $1`,
    [tenant.id],
  );
  expect(await desk.door.run(suspendLeavers)).toBe(false);
  const settled = await query(
    "select suspended_at is not null as suspended, suspend_at is not null as due from import_leavers where tenant_id = $1 order by 1",
    [tenant.id],
  );
  expect(settled).toEqual([
    { suspended: false, due: false },
    { suspended: true, due: true },
  ]);
});
