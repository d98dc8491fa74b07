import { afterAll, beforeAll, expect, test } from "vitest";
import { jobs } from "#server/app.ts";
import type { Context } from "#server/context.ts";
import type { Group } from "#server/features/groups/contract.ts";
import type { DeletedUser, User } from "#server/features/users/contract.ts";
import { deleteUser } from "#server/features/users/delete-user.ts";
import { deleteUsers } from "#server/features/users/deletion/delete-users.ts";
import { eraseDue } from "#server/features/users/deletion/jobs.ts";
import { restoreUser } from "#server/features/users/deletion/restore-user.ts";
import { reactivateUser } from "#server/features/users/reactivate-user.ts";
import { suspendUser } from "#server/features/users/suspend-user.ts";
import { atOnce, shortly } from "#tests/support/at-once.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import {
  applyImport,
  checkFiles,
  fileOf,
  importIn,
  press,
  rowsOfImport,
  undoImport,
} from "#tests/support/run-import.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

let installation: TestInstallation;
let tenant: TestTenant;

beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
  await installation.startJobs();
});
afterAll(() => installation?.close());

const rows = <T extends object>(text: string, values: unknown[]) =>
  installation.database.query<T>(text, values);
const group = async (name: string) => (await tenant.owner.call<Group>("POST", "/groups", { name })).body;
const invite = async (email: string, more: object = {}) =>
  (
    await tenant.owner.call<User>("POST", "/users", {
      mode: "invite",
      firstName: "Eva",
      lastName: "Berg",
      email,
      ...more,
    })
  ).body;
const remove = (id: string) => tenant.owner.call("DELETE", `/users/${id}`);
const restore = (id: string) => tenant.owner.call<User>("POST", `/users/${id}/restore`);
const read = async (id: string) => (await tenant.owner.call<User>("GET", `/users/${id}`)).body;
const deletedOnes = async (query = "") =>
  (
    await tenant.owner.call<{ items: DeletedUser[]; nextCursor: string | null }>(
      "GET",
      `/users/deleted${query}`,
    )
  ).body;
const counts = async () => (await tenant.owner.call<Record<string, number>>("GET", "/users/counts")).body;
/** Their days are over now. */
const letDaysPass = (...ids: string[]) =>
  rows("update users set erase_at = now() - interval '1 minute' where id = any($1) returning id", [ids]);
/** Their welcome is out, so that nothing of theirs is under way. */
const sent = (id: string) =>
  expect
    .poll(() => rows("select 1 from messages where user_id = $1 and state <> 'accepted'", [id]), {
      timeout: 20_000,
    })
    .toEqual([]);

test("restoring gives back name, role, status, password and the groups there still are", async () => {
  const [kept, gone] = [await group("Kept"), await group("Gone meanwhile")];
  const person = await tenant.person("auditor");
  const path = `/users/${person.id}`;
  const before = await tenant.owner.call<User>("PATCH", path, {
    version: 2,
    firstName: "Anna",
    addGroupIds: [kept.id, gone.id],
  });
  const countsBefore = await counts();
  expect((await remove(person.id)).status).toBe(204);
  expect(shortly(await tenant.owner.call("GET", path))).toBe("404 not_found");
  expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
  expect((await tenant.owner.call<Group>("GET", `/groups/${kept.id}`)).body.members).toBe(0);
  expect(await counts()).toEqual({
    ...countsBefore,
    all: (countsBefore.all ?? 0) - 1,
    active: (countsBefore.active ?? 0) - 1,
  });
  const [listed] = (await deletedOnes()).items;
  expect(listed).toMatchObject({ id: person.id, firstName: "Anna", role: "auditor", status: "active" });
  expect(listed?.groups.map(({ name }) => name)).toEqual(["Gone meanwhile", "Kept"]);
  const found = async (words: string) => (await deletedOnes(`?search=${words}`)).items.map(({ id }) => id);
  expect(await found("NNA")).toEqual([person.id]);
  expect(await found("anna%20%25")).toEqual([]);
  const days = (Date.parse(listed?.eraseAt ?? "") - Date.parse(listed?.deletedAt ?? "")) / 86_400_000;
  expect(days).toBe(30);
  await tenant.owner.call("DELETE", `/groups/${gone.id}`);

  const restored = await restore(person.id);
  expect(restored.body).toMatchObject({
    ...before.body,
    version: expect.any(Number),
    groups: [{ id: kept.id, name: "Kept", active: true }],
  });
  expect(restored.body.version).toBeGreaterThan(before.body.version);
  expect(await counts()).toEqual(countsBefore);
  expect((await deletedOnes()).items.map(({ id }) => id)).not.toContain(person.id);
  // The sessions of before stay ended; the password of before is good.
  expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
  const listedAgain = await tenant.owner.call<{ items: User[] }>("GET", "/users?search=anna");
  expect(listedAgain.body.items.map(({ id }) => id)).toEqual([person.id]);
  expect(shortly(await restore(person.id))).toBe("404 not_found");
});

test("for as long as the tenant has chosen", async () => {
  const settings = await tenant.owner.call<{ version: number }>("GET", "/settings");
  const set = (deletedDays: number, version: number) =>
    tenant.owner.call<{ version: number }>("PATCH", "/settings", { version, deletedDays });
  const { body } = await set(3, settings.body.version);
  const { id } = await invite("three.days@northwind.example");
  await remove(id);
  await set(30, body.version);
  const listed = (await deletedOnes()).items.find((user) => user.id === id);
  expect((Date.parse(listed?.eraseAt ?? "") - Date.parse(listed?.deletedAt ?? "")) / 86_400_000).toBe(3);
});

test("an invitation is dead after deleting and after restoring, until it is sent again", async () => {
  const { id } = await invite("dead.link@northwind.example");
  await remove(id);
  expect((await restore(id)).body).toMatchObject({ status: "invited", invitation: "revoked" });
  expect((await tenant.owner.call<User>("POST", `/users/${id}/invitation/resend`)).status).toBeLessThan(300);
  expect(await read(id)).toMatchObject({ invitation: "pending" });
});

test("an address that was taken meanwhile: refused, naming the holder, until it is free again", async () => {
  const first = await invite("wanted@northwind.example");
  await remove(first.id);
  const second = await invite("Wanted@Northwind.example", { firstName: "Holda", lastName: "Nu" });
  const refused = await restore(first.id);
  expect(shortly(refused)).toBe("409 user.address_taken");
  expect(refused.body).toMatchObject({ detail: expect.stringContaining("Holda Nu") });
  await remove(second.id);
  // Both deleted: either may come back, not both.
  const [a, b] = await atOnce(restore(first.id), restore(second.id));
  expect([a, b]).toEqual(["200", expect.stringMatching(/^409 user\.(address_taken|email_taken)$/)]);
});

test("a sign-in that was first, by a moment, while somebody was suspended or deleted, is ended too, for good", async () => {
  type Way = (ctx: Context, userId: string) => Promise<unknown>;
  const ways: [away: Way, back: Way][] = [
    [suspendUser, reactivateUser],
    [deleteUser, restoreUser],
  ];
  for (const [away, back] of ways) {
    // The transaction began before the sign-in did, and came to the lock after it.
    const earlier = new Date(Date.now() - 5000);
    const person = await tenant.person("member");
    await tenant.run((ctx) => away({ ...ctx, now: earlier }, person.id));
    await tenant.run((ctx) => back(ctx, person.id));
    expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
  }
});

test("what was typed as their address is erased with them, however it was written", async () => {
  const typed = async () =>
    (
      await rows<{ address: string }>(
        "select content->>'address' as address from audit_personal where tenant_id = $1 and target_id is null",
        [tenant.id],
      )
    ).map(({ address }) => address);
  const ways = ["Jörg@MÜNCHEN.example", "jörg@xn--mnchen-3ya.example", "JO\u0308RG@münchen.example"];
  const call = visitor(installation, tenant.slug).call;
  for (const email of ways) {
    await call("POST", "/session", { email, password: "whatever it is" });
    await call("POST", "/password-resets", { email });
  }
  expect(await typed()).toHaveLength(2 * ways.length);
  const { id } = await invite("jörg@münchen.example");
  await sent(id);
  await remove(id);
  await letDaysPass(id);
  await tenant.run(eraseDue);
  expect(await typed()).toEqual([]);
});

test("many at once: each is deleted or told why not, and all pages list them", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push((await invite(`bulk${n}@northwind.example`)).id);
  const { deleted, refused } = await tenant.run((ctx) =>
    deleteUsers(ctx, [...ids, tenant.owner.id, "0190a000-0000-7000-8000-00000000000a"]),
  );
  expect([...deleted].sort()).toEqual([...ids].sort());
  expect([...refused.values()].map(({ code }) => code)).toEqual(["user.yourself", "not_found"]);
  // Erased in another order than they were deleted in.
  for (const [n, id] of ids.entries())
    await rows("update users set erase_at = erase_at - $2 * interval '1 day' where id = $1", [id, n]);
  for (const [sort, at] of [
    ["-deleted", "deletedAt"],
    ["deleted", "deletedAt"],
    ["erase", "eraseAt"],
    ["-erase", "eraseAt"],
  ] as const) {
    const listed: DeletedUser[] = [];
    for (let cursor = ""; ; ) {
      const page = await deletedOnes(`?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`);
      listed.push(...page.items);
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
    const moments = listed.map((user) => user[at]);
    expect(moments).toEqual(sort.startsWith("-") ? [...moments].sort().reverse() : [...moments].sort());
  }
  const { nextCursor } = await deletedOnes("?limit=2&sort=erase");
  const elsewhere = await tenant.owner.call("GET", `/users/deleted?sort=deleted&cursor=${nextCursor}`);
  expect(shortly(elsewhere)).toBe("400 cursor.invalid");
});

test("of all owners named at once one stays", async () => {
  const there = await testTenant(installation);
  const others = [await there.person("owner"), await there.person("owner")];
  const administrator = { kind: "system" } as const;
  const { deleted, refused } = await there.run((ctx) =>
    deleteUsers({ ...ctx, actor: administrator }, [there.owner.id, ...others.map(({ id }) => id)]),
  );
  expect(deleted).toHaveLength(2);
  expect([...refused.values()].map(({ code }) => code)).toEqual(["user.last_owner"]);
});

test("when their days are over they are erased, and what they were part of goes on", async () => {
  const content = "First name,Last name,Email\nIda,Import,ida@erased.example\nOle,Stays,ole@erased.example\n";
  const imported = await applyImport(tenant.owner, (await checkFiles(tenant.owner, fileOf(content))).id);
  const [ida, ole] = await rowsOfImport(tenant.owner, imported.id);
  const [idaId, oleId] = [ida?.userId ?? "", ole?.userId ?? ""];
  await sent(idaId);
  const later = await checkFiles(tenant.owner, fileOf(content));
  await tenant.owner.call("POST", `/imports/${later.id}/cancel`);
  await remove(idaId);
  const before = await counts();
  expect(await tenant.run(eraseDue)).toBe(false);
  expect((await deletedOnes()).items.map(({ id }) => id)).toContain(idaId);

  await letDaysPass(idaId);
  await tenant.run(eraseDue);
  expect(await rows("select id from users where id = $1", [idaId])).toEqual([]);
  expect(await counts()).toEqual(before);
  expect(shortly(await restore(idaId))).toBe("404 not_found");

  const after = await rowsOfImport(tenant.owner, imported.id);
  expect(after.map(({ email, outcome }) => [email, outcome])).toEqual([
    ["", "invited"],
    ["ole@erased.example", "invited"],
  ]);
  expect(after[0]?.problems).toMatchObject([{ code: "erased" }]);
  // The other import, in which she was known already.
  expect((await rowsOfImport(tenant.owner, later.id)).map(({ email }) => email)).toEqual([
    "",
    "ole@erased.example",
  ]);
  const report = await tenant.owner.call<string>("GET", `/imports/${imported.id}/report.csv`);
  expect(report.status).toBe(200);
  const history = await tenant.owner.call<{ items: { action: string; changes: object }[] }>(
    "GET",
    `/audit?target=${idaId}`,
  );
  expect(history.body.items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["user.erased", "user.deleted"]),
  );
  for (const event of history.body.items) expect(event.changes).toEqual({});

  // The import can still be undone: it says of her that she is gone.
  const undone = await undoImport(tenant.owner, imported.id);
  expect(undone.counts).toMatchObject({ undone: 1, kept: 1 });
  expect(await rows("select id from users where id = $1", [oleId])).toEqual([]);
});

test("a file with the address of somebody deleted or erased makes somebody new", async () => {
  const { id } = await invite("again@northwind.example");
  await remove(id);
  const file = fileOf("First name,Last name,Email\nNew,Person,again@northwind.example\n");
  const finished = await applyImport(tenant.owner, (await checkFiles(tenant.owner, file)).id);
  expect(finished.counts).toMatchObject({ invited: 1 });
  const [row] = await rowsOfImport(tenant.owner, finished.id);
  expect(row?.userId).not.toBe(id);
  // Erasing the old one leaves alone what the file says of the new one, whose address it is now.
  await letDaysPass(id);
  await tenant.run(eraseDue);
  expect((await rowsOfImport(tenant.owner, finished.id))[0]).toMatchObject({
    email: "again@northwind.example",
  });
  expect(await read(row?.userId ?? "")).toMatchObject({ firstName: "New" });
});

test("whoever stands in an import that is not over is erased after it", async () => {
  const { id } = await invite("waits@northwind.example");
  await sent(id);
  await remove(id);
  const checked = await checkFiles(
    tenant.owner,
    fileOf("First name,Last name,Email\nWaits,Here,waits@northwind.example\n"),
  );
  const erase = () => tenant.owner.call("POST", `/users/${id}/erase`, { email: "waits@northwind.example" });
  expect(shortly(await erase())).toBe("409 user.in_use");
  await letDaysPass(id);
  await tenant.run(eraseDue);
  expect(await rows("select 1 from users where id = $1 and erase_at > now()", [id])).toHaveLength(1);
  await tenant.owner.call("POST", `/imports/${checked.id}/cancel`);
  expect((await erase()).status).toBe(204);
  expect((await rowsOfImport(tenant.owner, checked.id)).map(({ email }) => email)).toEqual([""]);
});

test("erasing at once needs the address typed, and somebody who is deleted", async () => {
  const { id } = await invite("typed@northwind.example");
  await sent(id);
  const erase = (email: string) => tenant.owner.call("POST", `/users/${id}/erase`, { email });
  expect(shortly(await erase("typed@northwind.example"))).toBe("404 not_found");
  await remove(id);
  expect(shortly(await erase("other@northwind.example"))).toBe("422 user.not_confirmed");
  expect((await erase(" Typed@northwind.example")).status).toBe(204);
  expect((await deletedOnes()).items.map((user) => user.id)).not.toContain(id);
});

test("somebody deleted while an import is changing them: either it did before or they stay deleted", async () => {
  for (let n = 0; n < 6; n++) {
    const email = `racing${n}@northwind.example`;
    const { id } = await invite(email);
    const checked = await checkFiles(
      tenant.owner,
      fileOf(`First name,Last name,Email\nRenamed,Racing,${email}\n`),
    );
    await tenant.owner.call("PATCH", `/imports/${checked.id}`, { existing: "add_groups" });
    const [deleted, pressed] = await Promise.all([remove(id), press(tenant.owner, checked.id)]);
    expect(deleted.status).toBe(204);
    // 409: the plan has changed under it and is shown again first.
    expect([202, 409]).toContain(pressed.status);
    if (pressed.status === 202) {
      const over = await importIn(tenant.owner, checked.id, "finished", "checked", "failed");
      expect(over.state).not.toBe("failed");
    }
    expect(await rows("select deleted_at is not null as gone from users where id = $1", [id])).toEqual([
      { gone: true },
    ]);
    const there = await tenant.owner.call<{ items: User[] }>("GET", `/users?search=${email}`);
    expect(there.body.items.length).toBeLessThanOrEqual(1);
    expect(there.body.items.map((user) => user.id)).not.toContain(id);
  }
});

test("restored and erased at the same moment: one of the two", async () => {
  for (let n = 0; n < 6; n++) {
    const email = `torn${n}@northwind.example`;
    const { id } = await invite(email);
    await sent(id);
    await remove(id);
    const said = await atOnce(restore(id), tenant.owner.call("POST", `/users/${id}/erase`, { email }));
    expect(["200,404 not_found", "204,404 not_found"]).toContain(said.join());
    const there = await rows("select id from users where id = $1", [id]);
    expect(there).toHaveLength(said[0] === "200" ? 1 : 0);
  }
});

test("what keeps the people of one tenant from being erased keeps nobody else", async () => {
  const others = [await testTenant(installation), await testTenant(installation)];
  const erase = jobs.find(({ name }) => name === "users.erase_deleted");
  const lasting = async () =>
    (
      await rows<{ tenant_id: string }>(
        "select tenant_id from users where deleted_at is not null and tenant_id = any($1)",
        [others.map(({ id }) => id)],
      )
    ).map((row) => row.tenant_id);
  for (const broken of others) {
    for (const one of others) {
      const { id } = await one.person("member");
      expect((await one.owner.call("DELETE", `/users/${id}`)).status).toBe(204);
      await letDaysPass(id);
    }
    await rows(
      `alter table audit_events add constraint test_check check (tenant_id <> '${broken.id}' or action <> 'user.erased') not valid`,
      [],
    );
    try {
      await expect(erase?.run({}, installation.services)).rejects.toThrow("test_check");
      expect(await lasting()).toEqual([broken.id]);
    } finally {
      await rows("alter table audit_events drop constraint test_check", []);
    }
    await erase?.run({}, installation.services);
    expect(await lasting()).toEqual([]);
  }
});
