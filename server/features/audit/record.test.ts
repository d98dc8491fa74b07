import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chainUp, verify } from "#tests/support/audit.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";
import { erasePersonal } from "./erase-personal.ts";
import { record } from "./record.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
});
afterAll(() => installation.close());
beforeEach(async () => {
  tenant = await testTenant(installation);
});

type Row = {
  action: string;
  actor_kind: string;
  actor_id: string | null;
  target_id: string | null;
  fields: string[];
  details: Record<string, unknown>;
  ip: string | null;
  user_agent: string | null;
  content: Record<string, unknown> | null;
};
const events = () =>
  installation.database.query<Row>(
    `select e.*, p.content from audit_events e
       left join audit_personal p on p.tenant_id = e.tenant_id and p.event_id = e.id
      where e.tenant_id = $1 order by e.at, e.id`,
    [tenant.id],
  );
const latest = async () => (await events()).at(-1);

test("an event is written with its transaction, or not at all", async () => {
  await expect(
    tenant.run(async (ctx) => {
      await record(ctx, { action: "user.changed", changes: { firstName: { before: "A", after: "B" } } });
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  const rows = await installation.database.query(
    `select from audit_events where tenant_id = $1 union all select from audit_personal where tenant_id = $1
     union all select from audit_pending where tenant_id = $1`,
    [tenant.id],
  );
  expect(rows).toEqual([]);
});

test("erasing a person takes every value that is theirs, keeps every event, and the chain fits", async () => {
  const [ada, eva] = [uuid(), uuid()];
  for (const id of [ada, eva])
    await tenant.run((ctx) =>
      record(ctx, {
        action: "user.changed",
        target: { kind: "user", id },
        changes: { lastName: { before: "Example", after: "Muster" } },
      }),
    );
  await chainUp(installation, tenant);
  const before = (await events()).map(({ content: _, ...event }) => event);
  await tenant.run((ctx) => erasePersonal(ctx, [ada]));
  const after = await events();
  expect(after.map(({ content: _, ...event }) => event)).toEqual(before);
  expect(after.map(({ target_id, content }) => [target_id, content !== null])).toEqual([
    [ada, false],
    [eva, true],
  ]);
  expect(await verify(installation, tenant)).toMatchObject({ events: 2, erased: 1, findings: [] });
});

describe("what the portal does is recorded with what was before and after", () => {
  const add = async () => {
    const made = await tenant.owner.call<{ id: string; version: number }>("POST", "/users", {
      mode: "invite",
      firstName: "Ada",
      lastName: "Example",
      email: `ada.${tenant.slug}@example.org`,
      groupIds: [],
    });
    return made.body;
  };

  test("a person is added, renamed, put into a group, suspended", async () => {
    const { id, version } = await add();
    expect(await latest()).toMatchObject({
      action: "user.invited",
      actor_id: tenant.owner.id,
      target_id: id,
      fields: ["firstName", "lastName", "email", "role", "groups"],
      content: { changes: { lastName: { before: null, after: "Example" } } },
    });
    const group = await tenant.owner.call<{ id: string }>("POST", "/groups", { name: "Staff" });
    await tenant.owner.call("PATCH", `/users/${id}`, {
      version,
      firstName: "Ada",
      lastName: "Muster",
      addGroupIds: [group.body.id],
    });
    // The first name was sent and stayed what it was.
    expect(await latest()).toMatchObject({
      action: "user.changed",
      fields: ["lastName", "groups"],
      content: {
        changes: {
          lastName: { before: "Example", after: "Muster" },
          groups: { before: [], after: ["Staff"] },
        },
      },
    });
    await tenant.owner.call("POST", `/users/${id}/suspend`);
    expect(await latest()).toMatchObject({
      action: "user.suspended",
      content: { changes: { status: { before: "invited", after: "suspended" } } },
    });
  });

  test("members of a group: for the group how many, for each person which group", async () => {
    const group = (await tenant.owner.call<{ id: string }>("POST", "/groups", { name: "Choir" })).body;
    const [ada, eva] = [await tenant.person("member"), await tenant.person("member")];
    const members = (add: string[], remove: string[] = []) =>
      tenant.owner.call("POST", `/groups/${group.id}/members`, { add, remove });
    await members([ada.id]);
    await members([ada.id, eva.id], []);
    await members([], [ada.id]);
    const found = (await events()).filter(({ action }) => /group/.test(action) && action !== "group.created");
    expect(
      found.map(({ action, target_id, details, content }) => [action, target_id, details, content]),
    ).toEqual([
      ["group.members_changed", group.id, { added: 1, removed: 0 }, null],
      ["user.added_to_group", ada.id, {}, { changes: { group: { before: null, after: "Choir" } } }],
      ["group.members_changed", group.id, { added: 1, removed: 0 }, null],
      ["user.added_to_group", eva.id, {}, { changes: { group: { before: null, after: "Choir" } } }],
      ["group.members_changed", group.id, { added: 0, removed: 1 }, null],
      ["user.removed_from_group", ada.id, {}, { changes: { group: { before: "Choir", after: null } } }],
    ]);
  });

  test("a group is renamed", async () => {
    const group = await tenant.owner.call<{ id: string }>("POST", "/groups", { name: "Staf" });
    await tenant.owner.call("PATCH", `/groups/${group.body.id}`, { version: 1, name: "Staff", active: true });
    expect(await latest()).toMatchObject({
      action: "group.changed",
      fields: ["name"],
      content: { changes: { name: { before: "Staf", after: "Staff" } } },
    });
  });
});

describe("signing in and out is recorded with who and from where", () => {
  const from = { ip: "203.0.113.7", headers: { "user-agent": "Testbrowser/1" } };

  test("in, and out again", async () => {
    const browser = visitor(installation, tenant.slug, from);
    await browser.signIn(tenant.owner.email, testPassword);
    await browser.call("DELETE", "/session");
    const whence = {
      ip: from.ip,
      user_agent: "Testbrowser/1",
      actor_kind: "user",
      actor_id: tenant.owner.id,
    };
    expect(await events()).toMatchObject([
      { ...whence, action: "sign_in.succeeded" },
      { ...whence, action: "sign_out.done" },
    ]);
  });

  test("refused: the address is kept where it can be erased, and anything else not at all", async () => {
    const browser = visitor(installation, tenant.slug, from);
    await browser.signIn(tenant.owner.email, "a wrong password");
    await browser.signIn("nobody@example.org", "a wrong password");
    await browser.signIn("my secret password", "a wrong password");
    const refused = { action: "sign_in.refused", actor_kind: "anonymous", ip: from.ip, details: {} };
    expect(await events()).toMatchObject([
      { ...refused, target_id: tenant.owner.id, content: { address: tenant.owner.email } },
      { ...refused, target_id: null, content: { address: "nobody@example.org" } },
      { ...refused, target_id: null, content: null },
    ]);
  });

  test("a reset is asked for, by somebody and for nobody", async () => {
    const browser = visitor(installation, tenant.slug, from);
    await browser.call("POST", "/password-resets", { email: tenant.owner.email });
    await browser.call("POST", "/password-resets", { email: "nobody@example.org" });
    expect(await events()).toMatchObject([
      { action: "password.reset_requested", target_id: tenant.owner.id },
      { action: "password.reset_requested", target_id: null, content: { address: "nobody@example.org" } },
    ]);
  });

  test("the own password is changed, which ends the other sessions", async () => {
    await tenant.owner.call("POST", "/me/password", {
      currentPassword: testPassword,
      newPassword: "seven yellow bicycles",
    });
    expect((await events()).map(({ action, details }) => [action, details])).toEqual([
      ["session.revoked", { sessions: 1 }],
      ["password.changed", {}],
    ]);
  });
});
