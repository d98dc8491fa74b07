import { describe, expect, test } from "vitest";
import { peopleWho, previewBulk, startBulk, type Wanted, workOff } from "#tests/support/bulk-action.ts";
import { bulkDesk } from "#tests/support/bulk-desk.ts";

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
