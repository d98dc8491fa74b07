import { describe, expect, test } from "vitest";
import type { RestorePlan } from "#server/features/bulk-actions/contract.ts";
import { changeLimits } from "#server/features/tenants/limits.ts";
import { writeStatus } from "#server/features/users/store.ts";
import { peopleWho, startBulk, workOff } from "#tests/support/bulk-action.ts";
import { bulkDesk } from "#tests/support/bulk-desk.ts";
import type { TestPerson } from "#tests/support/tenant.ts";
import { runBulkAction } from "./run-bulk-action.ts";

const { installation, tenant, group, invite, membersOf, statusesOf, done, undo } = bulkDesk();

test("reactivating lets people in again and can be taken back", async () => {
  const people = await invite(2);
  const suspended = await done({ action: "suspend", selection: { ids: people } });
  expect(suspended.changed).toBe(2);
  const action = await done({ action: "reactivate", selection: { filter: { status: "suspended" } } });
  expect(await statusesOf(people)).toEqual(["invited", "invited"]);
  expect(await undo(action.id)).toMatchObject({ undone: 2 });
  expect(await statusesOf(people)).toEqual(["suspended", "suspended"]);
});

test("undoing a reactivation leaves alone whoever's status was changed since", async () => {
  const [anna = "", again = "", accepted = "", restored = ""] = await invite(4);
  const people = [anna, again, accepted, restored];
  await done({ action: "suspend", selection: { ids: people } });
  const action = await done({ action: "reactivate", selection: { ids: people } });
  await tenant.owner.call("POST", `/users/${again}/suspend`);
  await tenant.owner.call("POST", `/users/${again}/reactivate`);
  await tenant.run((ctx) => writeStatus(ctx, accepted, "active"));
  await tenant.owner.call("DELETE", `/users/${restored}`);
  await tenant.owner.call("POST", `/users/${restored}/restore`);
  expect(await undo(action.id)).toMatchObject({ undone: 1, kept: 3 });
  expect(await statusesOf(people)).toEqual(["suspended", "invited", "active", "invited"]);
  const kept = await peopleWho(tenant, action.id, "kept");
  expect(new Set(kept.map(({ reason }) => reason))).toEqual(new Set(["changed_since"]));
});

test("deleting takes them out of every list; undo brings them back with their groups", async () => {
  const staff = await group("Staff");
  const people = await invite(3, [staff]);
  const [kept = "", ...gone] = people;
  const action = await done({
    action: "delete",
    selection: { filter: { groupId: staff }, excluded: [kept] },
  });
  expect(action).toMatchObject({ people: 2, changed: 2, canUndo: true });
  expect(await statusesOf(people)).toEqual(["invited", ...gone.map(() => "deleted")]);
  expect(await membersOf(staff)).toEqual([kept]);
  expect((await peopleWho(tenant, action.id, "changed")).map(({ deleted }) => deleted)).toEqual([true, true]);
  expect(await undo(action.id)).toMatchObject({ state: "undone", undone: 2, kept: 0, canUndo: false });
  expect(await statusesOf(people)).toEqual(["invited", "invited", "invited"]);
  expect(await membersOf(staff)).toEqual([...people].sort());
  const events = await installation.database.query(
    "select target_id, actor_id, details from audit_events where tenant_id = $1 and action = 'user.restored' order by target_id",
    [tenant.id],
  );
  expect(events).toEqual(
    [...gone].sort().map((id) => ({
      target_id: id,
      actor_id: tenant.owner.id,
      details: { memberships: 1 },
    })),
  );
});

describe("undoing a deletion", () => {
  const query = (sql: string, values: unknown[]) => installation.database.query(sql, values);
  const restorePlan = async (id: string, person: TestPerson = tenant.owner) =>
    (await person.call<RestorePlan>("GET", `/bulk-actions/${id}/undo`)).body;

  test("brings back whoever is still as it left them, and says of the others why not", async () => {
    const [plain = "", back = "", again = "", erased = "", moved = ""] = await invite(5);
    const administrator = await tenant.person("administrator");
    const helper = await tenant.person("user_administrator");
    const action = await done({
      action: "delete",
      selection: { ids: [plain, back, again, erased, moved, administrator.id] },
    });
    expect(action).toMatchObject({ changed: 6, canUndo: true });
    for (const id of [back, again]) await tenant.owner.call("POST", `/users/${id}/restore`);
    await tenant.owner.call("DELETE", `/users/${again}`);
    await query("delete from users where id = $1", [erased]);
    const [address] = await installation.database.query<{ email: string }>(
      "select email from users where id = $1",
      [moved],
    );
    const holder = await tenant.person("member");
    const { body: member } = await tenant.owner.call<{ version: number }>("GET", `/users/${holder.id}`);
    const taken = { version: member.version, email: address?.email, firstName: "Holda", lastName: "Nu" };
    expect((await tenant.owner.call("PATCH", `/users/${holder.id}`, taken)).status).toBe(200);

    for (const method of ["GET", "POST"] as const)
      expect(await helper.call(method, `/bulk-actions/${action.id}/undo`)).toMatchObject({
        status: 403,
        body: { code: "bulk_action.not_yours_to_undo" },
      });
    expect(await restorePlan(action.id)).toEqual({
      restored: 2,
      kept: ["address_taken", "deleted_again", "gone", "restored"].map((reason) => ({ reason, people: 1 })),
    });
    expect(await undo(action.id)).toMatchObject({ undone: 2, kept: 4, canUndo: false });
    expect(await statusesOf([plain, back, again, moved, administrator.id])).toEqual([
      "invited",
      "invited",
      "deleted",
      "deleted",
      "active",
    ]);
    const kept = await peopleWho(tenant, action.id, "kept");
    expect(new Map(kept.map(({ userId, reason }) => [userId, reason]))).toEqual(
      new Map([
        [back, "restored"],
        [again, "deleted_again"],
        [erased, "gone"],
        [moved, "address_taken"],
      ]),
    );
    const conflict = kept.find(({ userId }) => userId === moved);
    expect(conflict).toMatchObject({ deleted: true, holder: { id: holder.id, name: "Holda Nu" } });
    expect(kept.find(({ userId }) => userId === back)).toMatchObject({ deleted: false, holder: null });
  });

  test("stops where the organisation is full", async () => {
    const action = await done({ action: "delete", selection: { ids: await invite(3) } });
    await tenant.run((ctx) => changeLimits(ctx, { users: 3 }));
    expect(await restorePlan(action.id)).toEqual({ restored: 2, kept: [{ reason: "full", people: 1 }] });
    expect(await undo(action.id)).toMatchObject({ undone: 2, kept: 1 });
    expect((await peopleWho(tenant, action.id, "kept")).map(({ reason }) => reason)).toEqual(["full"]);
  });

  test("brings back one of two who had the same address, one after the other", async () => {
    const people = await invite(2);
    const action = await done({ action: "delete", selection: { ids: people } });
    await query(
      "update users set (email, email_key) = (select email, email_key from users where id = $1) where id = $2",
      people,
    );
    expect(await undo(action.id)).toMatchObject({ undone: 1, kept: 1 });
    const [kept] = await peopleWho(tenant, action.id, "kept");
    const [other] = people.filter((id) => id !== kept?.userId);
    expect(kept).toMatchObject({ reason: "address_taken", holder: { id: other } });
  });

  test("is offered as long as there is anybody to bring back, to whoever may add people", async () => {
    const people = await invite(2);
    const action = await done({ action: "delete", selection: { ids: people } });
    const auditor = await tenant.person("auditor");
    for (const method of ["GET", "POST"] as const)
      expect((await auditor.call(method, `/bulk-actions/${action.id}/undo`)).status).toBe(403);
    const offered = async () =>
      (await tenant.owner.call<{ canUndo: boolean }>("GET", `/bulk-actions/${action.id}`)).body.canUndo;
    await query("delete from users where id = $1", [people[0]]);
    expect(await offered()).toBe(true);
    await query("delete from users where id = $1", [people[1]]);
    expect(await offered()).toBe(false);
    for (const method of ["GET", "POST"] as const)
      expect(await tenant.owner.call(method, `/bulk-actions/${action.id}/undo`)).toMatchObject({
        status: 409,
        body: { code: "bulk_action.cannot_undo" },
      });
  });
});

test("cancelled, what is done stays and can be undone", async () => {
  const staff = await group("Staff");
  await invite(2);
  const action = await startBulk(tenant.owner, {
    action: "add_to_groups",
    groupIds: [staff],
    selection: { filter: { status: "invited" } },
  });
  expect((await tenant.owner.call("POST", `/bulk-actions/${action.id}/cancel`)).status).toBe(200);
  expect(await workOff(installation, tenant, action.id)).toMatchObject({ state: "cancelled", changed: 0 });
  expect(await membersOf(staff)).toEqual([]);
  expect(await tenant.owner.call("POST", `/bulk-actions/${action.id}/cancel`)).toMatchObject({
    status: 409,
    body: { code: "bulk_action.already_finished" },
  });
});

describe("undoing", () => {
  test("is not used up by somebody who may change only some of the people", async () => {
    const auditor = await tenant.person("auditor");
    const [anna = ""] = await invite(1);
    const action = await done({ action: "suspend", selection: { ids: [anna, auditor.id] } });
    const helper = await tenant.person("user_administrator");
    expect(await helper.call("POST", `/bulk-actions/${action.id}/undo`)).toMatchObject({
      status: 403,
      body: { code: "bulk_action.not_yours_to_undo", detail: expect.stringContaining("One of those") },
    });
    expect(await statusesOf([anna, auditor.id])).toEqual(["suspended", "suspended"]);
    expect(await undo(action.id)).toMatchObject({ state: "undone", undone: 2, kept: 0 });
  });

  test.each(["auditor", "user_administrator"])(
    "goes on where it stopped because whoever began it became a mere %s",
    async (role) => {
      const people = [await tenant.person("auditor"), await tenant.person("auditor")].map(({ id }) => id);
      const { id } = await startBulk(tenant.owner, { action: "suspend", selection: { ids: people } });
      await installation.database.query(
        `with second as (update bulk_batches set user_ids = user_ids[1:1] where action_id = $1 returning tenant_id)
         insert into bulk_batches (tenant_id, action_id, no, user_ids)
         select b.tenant_id, b.action_id, 2, b.user_ids[2:2] from bulk_batches b join second using (tenant_id)
          where b.action_id = $1`,
        [id],
      );
      await workOff(installation, tenant, id);
      const administrator = await tenant.person("administrator");
      expect((await administrator.call("POST", `/bulk-actions/${id}/undo`)).status).toBe(200);
      const door = await installation.services.door(tenant.id);
      let batches = 0;
      if (door) await runBulkAction(door, id, () => batches++ > 0);
      await installation.database.query("update users set role = $2 where id = $1", [administrator.id, role]);
      expect(await workOff(installation, tenant, id)).toMatchObject({
        ...{ state: "cancelled", undone: 1, kept: 0, canUndo: true },
        problem: expect.stringContaining("Undoing stopped"),
      });
      const undone = { state: "undone", undone: 2, kept: 0, canUndo: false, problem: null };
      expect(await undo(id)).toMatchObject(undone);
      expect(await statusesOf(people)).toEqual(["active", "active"]);
    },
  );
});
