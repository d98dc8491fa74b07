import { describe, expect, test } from "vitest";
import { reactivateTenant, suspendTenant } from "#server/features/tenants/suspend-tenant.ts";
import { deleteUsers } from "#server/features/users/deletion/delete-users.ts";
import { previewBulk, startBulk, type Wanted, workOff } from "#tests/support/bulk-action.ts";
import { bulkDesk } from "#tests/support/bulk-desk.ts";
import { until } from "#tests/support/until.ts";
import type { BulkAction } from "./contract.ts";
import { bulkActionJobs } from "./jobs.ts";
import { runBulkAction } from "./run-bulk-action.ts";
import { tenantsAtWork } from "./store.ts";

const { installation, tenant, group, invite, membersOf, statusesOf, done, undo } = bulkDesk();

describe("starting", () => {
  test("does only what was looked at", async () => {
    const staff = await group("Staff");
    await invite(2);
    const wanted: Wanted = {
      action: "add_to_groups",
      groupIds: [staff],
      selection: { filter: { status: "invited" } },
    };
    const { id, hash } = (await previewBulk(tenant.owner, wanted)).body;
    await invite(1);
    expect(await tenant.owner.call("POST", "/bulk-actions", { ...wanted, id, hash })).toMatchObject({
      status: 409,
      body: { code: "bulk_action.plan_changed" },
    });
    expect(await membersOf(staff)).toEqual([]);
  });

  test("whoever comes to match afterwards is not meant", async () => {
    const staff = await group("Staff");
    const people = await invite(2);
    const action = await startBulk(tenant.owner, {
      action: "add_to_groups",
      groupIds: [staff],
      selection: { filter: { status: "invited" } },
    });
    await invite(1);
    await workOff(installation, tenant, action.id);
    expect(await membersOf(staff)).toEqual([...people].sort());
  });

  test("twice runs once, and nobody is done twice by two workers", async () => {
    const staff = await group("Staff");
    const people = await invite(3);
    const wanted: Wanted = { action: "add_to_groups", groupIds: [staff], selection: { ids: people } };
    const { id, hash } = (await previewBulk(tenant.owner, wanted)).body;
    const start = () => tenant.owner.call("POST", "/bulk-actions", { ...wanted, id, hash });
    const answers = await Promise.all([start(), start()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await Promise.all([workOff(installation, tenant, id), workOff(installation, tenant, id)]);
    expect((await tenant.owner.call("GET", `/bulk-actions/${id}`)).body).toMatchObject({ changed: 3 });
  });

  test("nobody to change, and a group that is gone, are said", async () => {
    const staff = await group("Staff");
    const people = await invite(1, [staff]);
    const wanted: Wanted = { action: "add_to_groups", groupIds: [staff], selection: { ids: people } };
    const { id, hash } = (await previewBulk(tenant.owner, wanted)).body;
    expect(await tenant.owner.call("POST", "/bulk-actions", { ...wanted, id, hash })).toMatchObject({
      status: 409,
      body: { code: "bulk_action.nothing_to_do" },
    });
    await tenant.owner.call("DELETE", `/groups/${staff}`);
    expect(await previewBulk(tenant.owner, wanted)).toMatchObject({
      status: 422,
      body: { code: "group.unknown" },
    });
  });
});

describe("while groups are filled, somebody else", () => {
  const somebodyWaits = () =>
    until(async () => {
      const waiting = await installation.database.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    }, "the action waits for somebody");
  const adding = async (people: readonly string[]) => {
    const staff = await group("Staff");
    const wanted: Wanted = { action: "add_to_groups", groupIds: [staff], selection: { ids: [...people] } };
    return { staff, action: await startBulk(tenant.owner, wanted) };
  };

  test("puts one of them there: they are not the action's to take out again", async () => {
    const [anna = "", berit = ""] = await invite(2);
    const { staff, action } = await adding([anna, berit]);
    const worked = await tenant.run(async ({ tx, tenantId }) => {
      await tx.run("insert into memberships (tenant_id, user_id, group_id) values ($1, $2, $3)", [
        ...[tenantId, anna, staff],
      ]);
      const working = workOff(installation, tenant, action.id);
      await somebodyWaits();
      return { working };
    });
    expect(await worked.working).toMatchObject({ state: "finished", changed: 1, unchanged: 1 });
    expect(await membersOf(staff)).toEqual([anna, berit].sort());
    expect(await undo(action.id)).toMatchObject({ undone: 1 });
    expect(await membersOf(staff)).toEqual([anna]);
  });

  test("deletes one of them: nobody deleted is in a group", async () => {
    const [anna = "", berit = ""] = await invite(2);
    const { staff, action } = await adding([anna, berit]);
    const worked = await tenant.run(async (ctx) => {
      await deleteUsers(ctx, [anna]);
      const working = workOff(installation, tenant, action.id);
      await somebodyWaits();
      return { working };
    });
    expect(await worked.working).toMatchObject({ state: "finished", changed: 1, refused: 1 });
    expect(await membersOf(staff)).toEqual([berit]);
  });
});

describe("of a tenant that the operator suspends meanwhile", () => {
  const run = bulkActionJobs.find(({ name }) => name === "bulk_actions.run");
  const work = () => run?.run({ tenantId: tenant.id }, installation.services);
  const atWork = () => installation.database.asSystem("find unfinished bulk actions", tenantsAtWork);

  test.each(["running", "undoing"])("what is %s waits, and goes on when it is open again", async (state) => {
    const people = await invite(2);
    const { id } = await startBulk(tenant.owner, { action: "suspend", selection: { ids: people } });
    if (state === "undoing") {
      await workOff(installation, tenant, id);
      await tenant.owner.call("POST", `/bulk-actions/${id}/undo`);
    }
    const before = await statusesOf(people);
    await tenant.operate(suspendTenant);
    expect(await atWork()).not.toContainEqual({ tenant_id: tenant.id });
    await work();
    const door = await installation.services.door(tenant.id);
    if (door) await runBulkAction(door, id, () => false);
    expect(await statusesOf(people)).toEqual(before);
    await tenant.operate(reactivateTenant);
    expect(await atWork()).toContainEqual({ tenant_id: tenant.id });
    await work();
    expect(await statusesOf(people)).not.toEqual(before);
  });
});

test("whoever may see users sees what was done; only who may change them does it", async () => {
  const people = await invite(1);
  const auditor = await tenant.person("auditor");
  const wanted: Wanted = { action: "suspend", selection: { ids: people } };
  expect((await previewBulk(auditor, wanted)).status).toBe(403);
  const action = await done(wanted);
  expect((await auditor.call("POST", `/bulk-actions/${action.id}/undo`)).status).toBe(403);
  expect((await auditor.call<{ items: unknown[] }>("GET", "/bulk-actions")).body.items).toHaveLength(1);
  const member = await tenant.person("member");
  expect((await member.call("GET", "/bulk-actions")).status).toBe(403);
});

test("the list is narrowed to what was done, how it stands and who began it, page by page", async () => {
  const people = await invite(2);
  const other = await tenant.person("administrator");
  const ids = (selected: readonly string[]) => ({ selection: { ids: [...selected] } });
  const suspended = await done({ action: "suspend", ...ids(people) });
  await undo(suspended.id);
  const again = await done({ action: "suspend", ...ids(people.slice(0, 1)) }, other);
  const back = await done({ action: "reactivate", ...ids(people) });
  const first = await done({ action: "suspend", ...ids(people) });
  const listed = async (query: string) =>
    (await tenant.owner.call<{ items: BulkAction[]; nextCursor: string }>("GET", `/bulk-actions?${query}`))
      .body;
  const found = async (query: string) => (await listed(query)).items.map(({ id }) => id);
  expect(await found("action=reactivate")).toEqual([back.id]);
  expect(await found("state=undone")).toEqual([suspended.id]);
  expect(await found(`startedBy=${other.id}`)).toEqual([again.id]);
  expect(await found(`action=suspend&state=finished&startedBy=${tenant.owner.id}`)).toEqual([first.id]);
  const page = await listed("action=suspend&limit=2");
  expect(page.items.map(({ id }) => id)).toEqual([first.id, again.id]);
  expect(await found(`action=suspend&limit=2&cursor=${page.nextCursor}`)).toEqual([suspended.id]);
  expect((await tenant.owner.call("GET", "/bulk-actions?state=odd")).status).toBe(400);
});

test("in the audit log whoever asked for it has begun, finished and undone it", async () => {
  const other = await tenant.person("administrator");
  const { id } = await done({ action: "suspend", selection: { ids: await invite(2) } });
  await undo(id, other);
  type Events = { items: { action: string; actor: { kind: string; id: string | null } }[] };
  const { items } = (await tenant.owner.call<Events>("GET", `/audit?target=${id}`)).body;
  expect(items.map(({ action, actor }) => [action, actor.id]).reverse()).toEqual([
    ["bulk_action.started", tenant.owner.id],
    ["bulk_action.finished", tenant.owner.id],
    ["bulk_action.undo_started", other.id],
    ["bulk_action.undone", other.id],
  ]);
});
