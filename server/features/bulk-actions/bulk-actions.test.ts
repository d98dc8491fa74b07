import { describe, expect, test } from "vitest";
import { reactivateTenant, suspendTenant } from "#server/features/tenants/suspend-tenant.ts";
import { deleteUsers } from "#server/features/users/deletion/delete-users.ts";
import { peopleWho, previewBulk, startBulk, type Wanted, workOff } from "#tests/support/bulk-action.ts";
import { bulkDesk } from "#tests/support/bulk-desk.ts";
import { until } from "#tests/support/until.ts";
import type { BulkAction } from "./contract.ts";
import { bulkActionJobs } from "./jobs.ts";
import { runBulkAction } from "./run-bulk-action.ts";
import { tenantsAtWork } from "./store.ts";

const { installation, tenant, group, invite, membersOf, statusesOf, done, undo } = bulkDesk();

describe("groups", () => {
  test("everybody who matches is added; undo takes out those alone who were not there before", async () => {
    const staff = await group("Staff");
    const [was, ...others] = await invite(4, []);
    await tenant.owner.call("POST", `/groups/${staff}/members`, { add: [was], remove: [] });
    const wanted: Wanted = {
      action: "add_to_groups",
      groupIds: [staff],
      selection: { filter: { status: "invited" } },
    };
    const plan = (await previewBulk(tenant.owner, wanted)).body;
    expect(plan).toMatchObject({
      people: 4,
      changed: 3,
      unchanged: 1,
      refused: [],
      canUndo: true,
      emails: 0,
    });
    expect(plan.names).toHaveLength(3);

    const action = await done(wanted);
    expect(action).toMatchObject({ state: "finished", people: 4, changed: 3, unchanged: 1, refused: 0 });
    expect(await membersOf(staff)).toEqual([was, ...others].sort());
    const added = await peopleWho(tenant, action.id, "changed");
    expect(added.map(({ userId }) => userId)).toEqual([...others].sort());

    expect(await undo(action.id)).toMatchObject({ state: "undone", undone: 3, kept: 0, canUndo: false });
    expect(await membersOf(staff)).toEqual([was]);
  });

  test("of several groups each remembers who was new to it", async () => {
    const [red, blue] = [await group("Red"), await group("Blue")];
    const [anna = "", berit = ""] = await invite(2);
    await tenant.owner.call("POST", `/groups/${red}/members`, { add: [anna], remove: [] });
    const action = await done({
      action: "add_to_groups",
      groupIds: [red, blue],
      selection: { ids: [anna, berit] },
    });
    expect(action).toMatchObject({ changed: 2, unchanged: 0 });
    // One of them has left one of the groups since: nothing is left there to take back.
    await tenant.owner.call("POST", `/groups/${blue}/members`, { add: [], remove: [berit] });
    expect(await undo(action.id)).toMatchObject({ undone: 2, kept: 0 });
    expect([await membersOf(red), await membersOf(blue)]).toEqual([[anna], []]);
  });

  test("removing is undone for who was in it, not for who has been deleted since", async () => {
    const staff = await group("Staff");
    const [anna = "", berit = ""] = await invite(2, [staff]);
    const [carl = ""] = await invite(1);
    const wanted: Wanted = {
      action: "remove_from_groups",
      groupIds: [staff],
      selection: { ids: [anna, berit, carl] },
    };
    const action = await done(wanted);
    expect(action).toMatchObject({ changed: 2, unchanged: 1 });
    await tenant.owner.call("DELETE", `/users/${berit}`);
    expect(await undo(action.id)).toMatchObject({ undone: 1, kept: 1 });
    expect(await membersOf(staff)).toEqual([anna]);
    const [kept] = await peopleWho(tenant, action.id, "kept");
    expect(kept).toMatchObject({ userId: berit, reason: "changed_since" });
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

describe("suspending", () => {
  test("keeps yourself and whoever is above you, and says so before and after", async () => {
    const people = await invite(2);
    const helper = await tenant.person("user_administrator");
    const wanted: Wanted = {
      action: "suspend",
      selection: { ids: [...people, helper.id, tenant.owner.id] },
    };
    const plan = (await previewBulk(helper, wanted)).body;
    expect(plan).toMatchObject({ changed: 2, unchanged: 0 });
    expect(plan.refused.map(({ reason, people: many }) => [reason, many])).toEqual(
      expect.arrayContaining([
        ["yourself", 1],
        ["above", 1],
      ]),
    );
    const action = await done(wanted, helper);
    expect(action).toMatchObject({ changed: 2, refused: 2 });
    expect(await statusesOf([...people, helper.id, tenant.owner.id])).toEqual([
      "suspended",
      "suspended",
      "active",
      "active",
    ]);
    const refused = await peopleWho(tenant, action.id, "refused");
    expect(new Map(refused.map(({ userId, reason }) => [userId, reason]))).toEqual(
      new Map([
        [helper.id, "yourself"],
        [tenant.owner.id, "above"],
      ]),
    );
  });

  test("undo gives each the status they had, and leaves alone who was suspended anew", async () => {
    const [invited = "", again = ""] = await invite(2);
    const active = await tenant.person("member");
    const action = await done({ action: "suspend", selection: { ids: [invited, again, active.id] } });
    expect((await active.call("GET", "/me")).status).toBe(401);
    await tenant.owner.call("POST", `/users/${again}/reactivate`);
    await tenant.owner.call("POST", `/users/${again}/suspend`);
    expect(await undo(action.id)).toMatchObject({ undone: 2, kept: 1 });
    expect(await statusesOf([invited, active.id, again])).toEqual(["invited", "active", "suspended"]);
  });

  test("two owners who suspend one another leave one", async () => {
    const other = await tenant.person("owner");
    const [mine, theirs] = [
      await startBulk(tenant.owner, { action: "suspend", selection: { ids: [other.id] } }),
      await startBulk(other, { action: "suspend", selection: { ids: [tenant.owner.id] } }),
    ];
    await workOff(installation, tenant, mine.id);
    expect(await workOff(installation, tenant, theirs.id)).toMatchObject({
      state: "cancelled",
      changed: 0,
      problem: expect.stringContaining("may not do it any more"),
    });
    expect(await statusesOf([tenant.owner.id, other.id])).toEqual(["active", "suspended"]);
  });

  test("of many, or of people with a role, has to be confirmed by typing", async () => {
    await invite(11);
    const wanted: Wanted = { action: "suspend", selection: { filter: { status: "invited" } } };
    const { id, hash, seatBelt } = (await previewBulk(tenant.owner, wanted)).body;
    expect(seatBelt).toEqual({ reasons: ["These are 11 of 12 users, more than 20 %."], phrase: tenant.slug });
    const start = (confirmation?: string) =>
      tenant.owner.call("POST", "/bulk-actions", { ...wanted, id, hash, confirmation });
    expect(await start("yes")).toMatchObject({
      status: 409,
      body: { code: "bulk_action.confirmation_needed" },
    });
    expect((await start(tenant.slug)).status).toBe(202);
    const auditor = await tenant.person("auditor");
    const staff = await previewBulk(tenant.owner, { action: "delete", selection: { ids: [auditor.id] } });
    expect(staff.body.seatBelt?.reasons).toEqual(["One of them has a role in this portal."]);
  });
});

describe("emails", () => {
  const messagesTo = (id: string) =>
    installation.database.query<{ kind: string; state: string }>(
      "select kind, state from messages where tenant_id = $1 and user_id = $2 order by created_at, id",
      [tenant.id, id],
    );

  test("an invitation is sent again to who is invited and can be reached", async () => {
    const [anna = "", berit = ""] = await invite(2);
    const active = await tenant.person("member");
    await installation.database.query(
      "update users set mail_failed_at = now(), mail_failed_reply = '550 no such user' where id = $1",
      [berit],
    );
    const action = await done({
      action: "resend_invitation",
      selection: { ids: [anna, berit, active.id] },
    });
    expect(action).toMatchObject({ changed: 1, refused: 2, canUndo: false });
    expect((await messagesTo(anna)).map(({ state }) => state)).toEqual(["withdrawn", "queued"]);
    const refused = await peopleWho(tenant, action.id, "refused");
    expect(new Map(refused.map(({ userId, reason }) => [userId, reason]))).toEqual(
      new Map([
        [berit, "mail_failed"],
        [active.id, "not_invited"],
      ]),
    );
  });

  test("an invitation is revoked of who has one that is open, and its email is not sent any more", async () => {
    const [anna = "", berit = ""] = await invite(2);
    const active = await tenant.person("member");
    await tenant.owner.call("POST", `/users/${berit}/invitation/revoke`);
    const action = await done({ action: "revoke_invitation", selection: { ids: [anna, berit, active.id] } });
    expect(action).toMatchObject({ changed: 1, unchanged: 1, refused: 1, canUndo: false });
    expect((await messagesTo(anna)).map(({ state }) => state)).toEqual(["withdrawn"]);
    const { body } = await tenant.owner.call("GET", `/users/${anna}`);
    expect(body).toMatchObject({ status: "invited", invitation: "revoked" });
    const events = await installation.database.query(
      "select 1 from audit_events where tenant_id = $1 and action = 'invitation.revoked' and target_id = $2",
      [tenant.id, anna],
    );
    expect(events).toHaveLength(1);
  });

  test("addresses that email came back from are sent email again, of whoever has such a mark", async () => {
    const [anna = "", berit = ""] = await invite(2);
    await installation.database.query(
      "update users set mail_failed_at = now(), mail_failed_reply = '550 no such user' where id = $1",
      [anna],
    );
    const action = await done({ action: "clear_mail_failure", selection: { ids: [anna, berit] } });
    expect(action).toMatchObject({ changed: 1, unchanged: 1, refused: 0, canUndo: false });
    const marked = await installation.database.query(
      "select id from users where tenant_id = $1 and mail_failed_at is not null",
      [tenant.id],
    );
    expect(marked).toEqual([]);
    const events = await installation.database.query<{ target_id: string }>(
      "select target_id from audit_events where tenant_id = $1 and action = 'user.mail_failure_cleared'",
      [tenant.id],
    );
    expect(events).toEqual([{ target_id: anna }]);
  });

  test("a link to set a password goes to who is active; an older one that waits is withdrawn", async () => {
    const active = await tenant.person("member");
    const [invited = ""] = await invite(1);
    const wanted: Wanted = { action: "send_password_link", selection: { ids: [active.id, invited] } };
    await done(wanted);
    expect(await done(wanted)).toMatchObject({ changed: 1, refused: 1 });
    expect(await messagesTo(active.id)).toEqual([
      { kind: "user.set_password", state: "withdrawn" },
      { kind: "user.set_password", state: "queued" },
    ]);
  });
});

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
    await tenant.run(suspendTenant);
    expect(await atWork()).not.toContainEqual({ tenant_id: tenant.id });
    await work();
    const door = await installation.services.door(tenant.id);
    if (door) await runBulkAction(door, id, () => false);
    expect(await statusesOf(people)).toEqual(before);
    await tenant.run(reactivateTenant);
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
