import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "#server/app.ts";
import type { Door } from "#server/context.ts";
import { storePassword } from "#server/features/credentials/store.ts";
import { addUser } from "#server/features/users/add-user.ts";
import type { User } from "#server/features/users/contract.ts";
import { updateUser } from "#server/features/users/update-user.ts";
import { holds, mayManage, type Permission, type Role, roles } from "#server/permissions.ts";
import { shortly } from "#tests/support/at-once.ts";
import { exampleBody } from "#tests/support/example-body.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { pathOf } from "#tests/support/route-path.ts";
import { type TestPerson, type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

let installation: TestInstallation;
let tenant: TestTenant;
let people: Record<Role, TestPerson>;

beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
  const entries: [Role, TestPerson][] = [];
  for (const role of roles) entries.push([role, await tenant.person(role)]);
  people = Object.fromEntries(entries) as Record<Role, TestPerson>;
});
afterAll(() => installation?.close());

const guarded = routes.filter(
  ({ permission, endpoint }) =>
    permission !== "anyone" && permission !== "signed_in" && endpoint.path.startsWith("/t/"),
);

describe.each(guarded.map((route) => [`${route.endpoint.method} ${route.endpoint.path}`, route] as const))(
  "%s",
  (_name, { endpoint, permission }) => {
    // A body of its own for each call: what one may do must not stand in the way of the next.
    const body = () => JSON.parse(JSON.stringify(exampleBody(endpoint) ?? null)) ?? undefined;

    test.each(roles)("asked by: %s", async (role) => {
      const answer = await people[role].call(endpoint.method as "GET", pathOf(endpoint.path), body());
      const allowed = holds(role, permission as Permission);
      // Let through, it meets an id that nobody has, an upload without a file, or success; never this.
      if (allowed) expect(shortly(answer)).not.toMatch(/^401|permission\.missing/);
      else expect(shortly(answer)).toBe("403 permission.missing");
      expect(answer.status).toBeLessThan(500);
    });

    test("asked by nobody who is signed in", async () => {
      const stranger = visitor(installation, tenant.slug);
      const answer = await stranger.call(endpoint.method as "GET", pathOf(endpoint.path), body());
      expect(shortly(answer)).toBe("401 session.required");
    });
  },
);

const newcomer = (email: string, role: Role) => ({
  mode: "invite",
  firstName: "New",
  lastName: "Comer",
  email,
  role,
});
/** Somebody of a role to be tried things on, and what the owner sees of them. */
const target = async (role: Role) => {
  const { id } = await tenant.person(role);
  return (await tenant.owner.call<User>("GET", `/users/${id}`)).body;
};

const administrators: Role[] = ["owner", "administrator", "user_administrator"];

describe.each(administrators.flatMap((actor) => roles.map((role) => [actor, role] as const)))(
  "%s towards %s",
  (actor, role) => {
    const may = mayManage(actor, role);
    const refused = (code: string) => (may ? /^20[014]$/ : new RegExp(`^403 ${code}$`));

    test(
      may ? "may add, change, suspend, let in and delete" : "is refused, and nothing changes",
      async () => {
        const by = people[actor];
        const email = `${actor}.adds.${role}@northwind.example`;
        const added = await by.call("POST", "/users", newcomer(email, role));
        expect(shortly(added)).toMatch(refused("user.role_not_yours_to_give"));
        const before = await target(role);
        const path = `/users/${before.id}`;
        const changed = await by.call("PATCH", path, { version: before.version, lastName: "Changed" });
        expect(shortly(changed)).toMatch(refused("user.not_yours_to_change"));
        for (const way of ["suspend", "reactivate"]) {
          expect(shortly(await by.call("POST", `${path}/${way}`)), way).toMatch(
            refused("user.not_yours_to_change"),
          );
        }
        for (const [method, way] of [
          ["POST", "lift-lockout"],
          ["DELETE", "sessions"],
          ["DELETE", "second-factors"],
        ] as const) {
          expect(shortly(await by.call(method, `${path}/${way}`)), way).toMatch(
            refused("user.not_yours_to_change"),
          );
        }
        expect(shortly(await by.call("GET", `${path}/everything.json`))).toMatch(
          refused("user.not_yours_to_export"),
        );
        const deleted = await by.call("DELETE", path);
        expect(shortly(deleted)).toMatch(refused("user.not_yours_to_change"));
        if (!may) expect((await tenant.owner.call<User>("GET", path)).body).toEqual(before);
        const found = await tenant.owner.call<{ items: User[] }>("GET", `/users?search=${email}`);
        expect(found.body.items).toHaveLength(may ? 1 : 0);
      },
    );

    test(may ? "may restore and erase" : "may neither restore nor erase", async () => {
      const by = people[actor];
      const { id, email } = await target(role);
      await tenant.owner.call("DELETE", `/users/${id}`);
      const restored = await by.call("POST", `/users/${id}/restore`);
      expect(shortly(restored)).toMatch(refused("user.not_yours_to_change"));
      if (may) await tenant.owner.call("DELETE", `/users/${id}`);
      const erased = await by.call("POST", `/users/${id}/erase`, { email });
      const mayErase = may && holds(actor, "users.erase");
      expect(shortly(erased)).toMatch(
        mayErase ? /^204$/ : /^403 (permission\.missing|user\.not_yours_to_change)$/,
      );
      const left = await installation.database.query("select id from users where id = $1", [id]);
      expect(left).toHaveLength(mayErase ? 0 : 1);
    });

    test("gives that role to somebody it may change, only where it may", async () => {
      const { id, version } = await target("member");
      const answer = await people[actor].call("PATCH", `/users/${id}`, { version, role });
      // Whoever is a member stays one: that is no grant.
      expect(shortly(answer)).toMatch(refused("user.role_not_yours_to_give"));
    });
  },
);

test("nobody raises their own role, nor suspends or deletes themselves", async () => {
  for (const actor of administrators) {
    const by = await tenant.person(actor);
    const path = `/users/${by.id}`;
    for (const answer of [await by.call("POST", `${path}/suspend`), await by.call("DELETE", path)]) {
      expect(shortly(answer)).toBe("409 user.yourself");
    }
    for (const role of roles.filter((one) => one !== actor && !mayManage(actor, one))) {
      const answer = await by.call("PATCH", path, { version: 2, role });
      expect(shortly(answer), `${actor} → ${role}`).toBe("403 user.role_not_yours_to_give");
    }
    expect((await by.call<User>("GET", path)).body).toMatchObject({ role: actor, status: "active" });
  }
});

test("only an owner hands over, to somebody active who is another, and steps down in the same step", async () => {
  const there = await testTenant(installation);
  const administrator = await there.person("administrator");
  const hand = (by: TestPerson, id: string, role = "auditor") =>
    by.call("POST", `/users/${id}/transfer-ownership`, { role });
  expect(shortly(await hand(administrator, administrator.id))).toBe("403 permission.missing");
  expect(shortly(await hand(there.owner, there.owner.id))).toBe("409 user.yourself");
  expect(shortly(await hand(there.owner, administrator.id, "owner"))).toBe("400 request.invalid");
  await there.owner.call("POST", `/users/${administrator.id}/suspend`);
  expect(shortly(await hand(there.owner, administrator.id))).toBe("409 user.not_active");
  await there.owner.call("POST", `/users/${administrator.id}/reactivate`);
  expect((await hand(there.owner, administrator.id)).status).toBe(200);
  const roleOf = async (id: string) => (await there.owner.call<User>("GET", `/users/${id}`)).body.role;
  expect([await roleOf(administrator.id), await roleOf(there.owner.id)]).toEqual(["owner", "auditor"]);
  expect(shortly(await hand(there.owner, administrator.id))).toBe("403 permission.missing");
});

test("nobody who cannot sign in yet becomes the only owner: invited, with a mailed password, or with none any more", async () => {
  const there = await testTenant(installation);
  const add = async (fields: object) =>
    (
      await there.owner.call<User>("POST", "/users", {
        ...newcomer(`${uuid()}@northwind.example`, "member"),
        ...fields,
      })
    ).body;
  const invited = await add({});
  const created = await add({ mode: "create", password: "seven yellow bicycles" });
  const hand = (id: string) =>
    there.owner.call("POST", `/users/${id}/transfer-ownership`, { role: "member" });
  expect(shortly(await hand(invited.id))).toBe("409 user.not_active");
  expect(shortly(await hand(created.id))).toBe("409 user.no_own_password");
  // Making them an owner beside oneself is fine; leaving them alone is not.
  const promoted = { version: created.version, role: "owner" };
  expect((await there.owner.call("PATCH", `/users/${created.id}`, promoted)).status).toBe(200);
  const stepDown = () =>
    there.owner.call("PATCH", `/users/${there.owner.id}`, { version: 2, role: "member" });
  expect(shortly(await stepDown())).toBe("409 user.last_owner");
  expect(shortly(await hand(created.id))).toBe("409 user.no_own_password");
  await there.run((ctx) => storePassword(ctx, created.id, "chosen"));
  expect((await stepDown()).status).toBe(200);
});

test("the last owner stays one, whoever asks; with a second one it is possible", async () => {
  const there = await testTenant(installation);
  const path = `/users/${there.owner.id}`;
  expect(shortly(await there.owner.call("PATCH", path, { version: 2, role: "member" }))).toBe(
    "409 user.last_owner",
  );
  const second = await there.person("owner");
  expect((await there.owner.call("POST", `/users/${second.id}/suspend`)).status).toBe(200);
  // A suspended owner cannot act: the first one is still the last.
  expect(shortly(await there.owner.call("PATCH", path, { version: 2, role: "member" }))).toBe(
    "409 user.last_owner",
  );
  expect((await there.owner.call("POST", `/users/${second.id}/reactivate`)).status).toBe(200);
  expect((await there.owner.call("PATCH", path, { version: 2, role: "member" })).status).toBe(200);
  expect(shortly(await there.owner.call("GET", "/users"))).toBe("403 permission.missing");
});

test("what is shown of one's own permissions is what counts", async () => {
  for (const role of roles) {
    const { body } = await people[role].call<{ permissions: string[]; manageableRoles: Role[] }>(
      "GET",
      "/me",
    );
    for (const { permission } of guarded)
      expect(body.permissions.includes(permission), `${role}: ${permission}`).toBe(
        holds(role, permission as Permission),
      );
    for (const other of roles) expect(body.manageableRoles.includes(other)).toBe(mayManage(role, other));
  }
});

describe("somebody whose role was taken while their request was on its way", () => {
  /** As the request found them: an administrator. */
  const late = async () => {
    const { id } = await tenant.person("administrator");
    await installation.database.query("update users set role = 'member' where id = $1", [id]);
    return { kind: "user", id, role: "administrator", mustChangePassword: false } as const;
  };
  const administrators = async () =>
    (
      await installation.database.query("select from users where tenant_id = $1 and role = 'administrator'", [
        tenant.id,
      ])
    ).length;

  test("adds nobody with a role", async () => {
    const actor = await late();
    const before = await administrators();
    const run: Door["run"] = (work) => tenant.run((ctx) => work({ ...ctx, actor }));
    const door = { ...(await tenant.run(async (ctx) => ctx)), actor, run };
    const wanted: Parameters<typeof addUser>[1] = {
      mode: "invite",
      firstName: "New",
      lastName: "Comer",
      email: "late@northwind.example",
      role: "administrator",
      language: null,
      groupIds: [],
    };
    await expect(addUser(door, wanted)).rejects.toMatchObject({ code: "user.role_not_yours_to_give" });
    expect(await administrators()).toBe(before);
  });

  test("gives nobody a role", async () => {
    const actor = await late();
    const member = await target("member");
    const change: Parameters<typeof updateUser>[2] = {
      version: member.version,
      role: "administrator",
      addGroupIds: [],
      removeGroupIds: [],
    };
    await expect(tenant.run((ctx) => updateUser({ ...ctx, actor }, member.id, change))).rejects.toMatchObject(
      { status: 403 },
    );
    expect((await tenant.owner.call<User>("GET", `/users/${member.id}`)).body.role).toBe("member");
  });
});
