import { afterAll, beforeAll, expect, test } from "vitest";
import type { Group } from "#server/features/groups/contract.ts";
import type { Import } from "#server/features/imports/contract.ts";
import { makeSetUpLink } from "#server/features/sign-in/set-up.ts";
import type { User } from "#server/features/users/contract.ts";
import type { Problem } from "#server/platform/http/problem.ts";
import { atOnce } from "#tests/support/at-once.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { invitationToken } from "#tests/support/links.ts";
import { checkFiles, fileOf, importIn } from "#tests/support/run-import.ts";
import { caller, type TestPerson, type TestTenant, testTenant } from "#tests/support/tenant.ts";

let installation: TestInstallation;
let tenant: TestTenant;
let one: TestPerson;
let other: TestPerson;

beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
  [one, other] = [await tenant.person("administrator"), await tenant.person("administrator")];
  await installation.startJobs();
});
afterAll(() => installation?.close());

/** Often enough that the two do meet. */
const rounds = Array.from({ length: 8 }, (_, n) => n);

const invitee = (email: string, more: object = {}) => ({
  mode: "invite",
  firstName: "Eva",
  lastName: "Berg",
  email,
  ...more,
});
const invite = async (email: string, more: object = {}) =>
  (await one.call<User>("POST", "/users", invitee(email, more))).body;
const newGroup = async (name: string) => (await one.call<Group>("POST", "/groups", { name })).body;
const rows = (text: string, values: unknown[]) => installation.database.query(text, values);

test("both add the same address: one does, the other is told at the field", async () => {
  for (const n of rounds) {
    const email = `same${n}@northwind.example`;
    const answers = await Promise.all([
      one.call<User>("POST", "/users", invitee(email)),
      other.call("POST", "/users", {
        ...invitee(email.toUpperCase()),
        mode: "create",
        password: "quiet river stone",
      }),
    ]);
    const [added, refused] = answers.sort((a, b) => a.status - b.status);
    expect(added?.status).toBe(201);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "user.email_taken", fields: { email: expect.stringContaining("already a user") } },
    });
    expect(await rows("select id from users where email_key = $1", [email])).toHaveLength(1);
    expect(
      await rows("select m.id from messages m join users u on u.id = m.user_id where u.email_key = $1", [
        email,
      ]),
    ).toHaveLength(1);
  }
});

test("both rename the same group: the second is told that it has changed meanwhile, and renames nothing", async () => {
  for (const n of rounds) {
    const { id, version } = await newGroup(`Rename ${n}`);
    const path = `/groups/${id}`;
    const said = await atOnce(
      one.call("PATCH", path, { version, name: `One ${n}`, description: "One" }),
      other.call("PATCH", path, { version, name: `Other ${n}`, description: "Other" }),
    );
    expect(said).toEqual(["200", "409 changed_meanwhile"]);
    const { body } = await one.call<Group>("GET", path);
    expect(body).toMatchObject({ name: `${body.description} ${n}`, version: version + 1 });
  }
});

test("both give two groups the same name: one has it, the other is told at the field", async () => {
  for (const n of rounds) {
    const [left, right] = [await newGroup(`Left ${n}`), await newGroup(`Right ${n}`)];
    const answers = await Promise.all([
      one.call<Group>("PATCH", `/groups/${left.id}`, { version: left.version, name: `Both ${n}` }),
      other.call("PATCH", `/groups/${right.id}`, { version: right.version, name: `BOTH ${n}` }),
    ]);
    const [renamed, refused] = answers.sort((a, b) => a.status - b.status);
    expect(renamed?.status).toBe(200);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "group.name_taken", fields: { name: expect.any(String) } },
    });
  }
});

test("a group that has filled up since somebody looked at it is not deleted without another look", async () => {
  const group = await newGroup("Choir");
  const people = await Promise.all([0, 1].map((n) => invite(`choir${n}@northwind.example`)));
  const members = `/groups/${group.id}/members`;
  expect((await other.call("POST", members, { add: people.map(({ id }) => id) })).status).toBe(200);
  const seen = (count: number) => one.call<Problem>("DELETE", `/groups/${group.id}?members=${count}`);
  expect(await seen(group.members)).toMatchObject({
    status: 409,
    body: { code: "group.more_members", detail: expect.stringContaining("2 members by now, no longer 0") },
  });
  expect((await one.call<Group>("GET", `/groups/${group.id}`)).body.members).toBe(2);
  expect((await seen(3)).status).toBe(204);
});

test("both set the safety limits of imports: the second is told, and settings of the page are as they were", async () => {
  const { version: page } = (await one.call<{ version: number }>("GET", "/settings")).body;
  for (const n of rounds) {
    const { version } = (await one.call<{ version: number }>("GET", "/import-safety")).body;
    const said = await atOnce(
      one.call("PUT", "/import-safety", { changedPercent: 20, emails: 2000 + n, newGroups: 5, version }),
      other.call("PUT", "/import-safety", { changedPercent: 30, emails: 3000 + n, newGroups: 5, version }),
    );
    expect(said).toEqual(["200", "409 changed_meanwhile"]);
    const { body } = await one.call<Record<string, number>>("GET", "/import-safety");
    expect(body).toMatchObject({
      emails: (body.changedPercent === 20 ? 2000 : 3000) + n,
      version: version + 1,
    });
  }
  expect((await one.call("PATCH", "/settings", { sessionHours: 12, version: page })).status).toBe(200);
});

test("both edit the same user: the second is told that it has changed meanwhile, and changes nothing", async () => {
  for (const n of rounds) {
    const { id, version } = await invite(`edit${n}@northwind.example`);
    const path = `/users/${id}`;
    const said = await atOnce(
      one.call("PATCH", path, { version, firstName: "One", lastName: "One" }),
      other.call("PATCH", path, { version, firstName: "Other", lastName: "Other" }),
    );
    expect(said).toEqual(["200", "409 changed_meanwhile"]);
    const { body } = await one.call<User>("GET", path);
    expect(body.firstName).toBe(body.lastName);
    expect(body.version).toBe(version + 1);
  }
});

test("one deletes a group while the other adds to it: never a member of a group that is gone", async () => {
  for (const n of rounds) {
    const group = await newGroup(`Passing ${n}`);
    const { id } = await invite(`passing${n}@northwind.example`);
    const [deleted, added, invited, edited] = await Promise.all([
      one.call("DELETE", `/groups/${group.id}`),
      other.call("POST", `/groups/${group.id}/members`, { add: [id] }),
      other.call("POST", "/users", invitee(`passing${n}b@northwind.example`, { groupIds: [group.id] })),
      one.call("PATCH", `/users/${id}`, { version: 1, addGroupIds: [group.id] }),
    ]);
    expect(deleted?.status).toBe(204);
    expect([200, 404]).toContain(added?.status);
    expect([201, 422]).toContain(invited?.status);
    expect([200, 422]).toContain(edited?.status);
    expect(await rows("select 1 from memberships where group_id = $1", [group.id])).toEqual([]);
  }
});

test("the last two owners demote, suspend or delete each other: one stays owner", async () => {
  for (const n of rounds) {
    const there = await testTenant(installation);
    const [a, b] = [there.owner, await there.person("owner")];
    const demotion = { version: 2, role: "member" };
    const ways: ((by: TestPerson, of: TestPerson) => ReturnType<TestPerson["call"]>)[] = [
      (by, of) => by.call("PATCH", `/users/${of.id}`, demotion),
      (by, of) => by.call("POST", `/users/${of.id}/suspend`),
      (by, of) => by.call("DELETE", `/users/${of.id}`),
    ];
    const way = (at: number) => ways[at % ways.length] as (typeof ways)[number];
    const said = await atOnce(way(n)(a, b), way(n + 1)(b, a));
    expect(
      said.filter((answer) => answer.startsWith("2")),
      said.join(", "),
    ).toHaveLength(1);
    expect(await ownersOf(there)).toHaveLength(1);
  }
});

const ownersOf = (there: TestTenant) =>
  rows(
    "select id from users where tenant_id = $1 and role = 'owner' and status = 'active' and deleted_at is null",
    [there.id],
  );

test("the last owner hands over to two people at once, or to somebody who is suspended, deleted or demoted meanwhile", async () => {
  for (const n of rounds) {
    const there = await testTenant(installation);
    const [heir, rival] = [await there.person("administrator"), await there.person("administrator")];
    const hand = (id: string) =>
      there.owner.call("POST", `/users/${id}/transfer-ownership`, { role: "member" });
    const meanwhile = [
      () => hand(rival.id),
      () => rival.call("POST", `/users/${heir.id}/suspend`),
      () => rival.call("DELETE", `/users/${heir.id}`),
      () => rival.call("PATCH", `/users/${heir.id}`, { version: 2, role: "member" }),
    ][n % 4] as () => ReturnType<TestPerson["call"]>;
    const said = await atOnce(hand(heir.id), meanwhile());
    for (const answer of said) expect(answer).toMatch(/^(200|204|403|404|409)/);
    expect(await ownersOf(there), said.join(", ")).toHaveLength(1);
  }
});

test("Import CSV pressed twice at once is applied once", async () => {
  const content = `First name,Last name,Email\n${rounds.map((n) => `F,L,twice${n}@northwind.example`).join("\n")}\n`;
  const checked = await checkFiles(one, fileOf(content));
  const { planHash } = checked;
  const pressed = (by: TestPerson) => by.call<Import>("POST", `/imports/${checked.id}/apply`, { planHash });
  const answers = await Promise.all([pressed(one), pressed(other), pressed(one)]);
  // The later ones find it under way or, when it is quick, over; none starts it again.
  for (const answer of answers) expect([202, 409]).toContain(answer.status);
  const finished = await importIn(one, checked.id, "finished");
  expect(finished.counts.invited).toBe(rounds.length);
  expect(await rows("select id from users where email_key like 'twice%'", [])).toHaveLength(rounds.length);
  const messages =
    "select m.id from messages m join users u on u.id = m.user_id where u.email_key like 'twice%'";
  expect(await rows(messages, [])).toHaveLength(rounds.length);
  const started = "select 1 from audit_events where action = 'import.started' and target_id = $1";
  expect(await rows(started, [checked.id])).toHaveLength(1);
});

test("the same invitation accepted twice at once: the first password counts, the second is refused", async () => {
  const { id, email } = await invite("accept@northwind.example");
  const token = await invitationToken(tenant, id);
  const visitor = caller(installation, `/t/${tenant.slug}`);
  const passwords = ["first yellow bicycle", "second green bicycle"];
  const answers = await Promise.all(
    passwords.map((password) => visitor("POST", "/links/use", { token, password })),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410]);
  expect(answers.find((answer) => answer.status === 410)?.body).toMatchObject({ code: "link.used" });
  for (const [n, password] of passwords.entries()) {
    const signedIn = await visitor("POST", "/session", { email, password });
    expect(signedIn.status).toBe(answers[n]?.status === 200 ? 200 : 401);
  }
  expect(
    await rows("select 1 from audit_events where action = 'invitation.accepted' and target_id = $1", [id]),
  ).toHaveLength(1);
});

test("two groups of the same name at once: one, whatever the case", async () => {
  for (const n of rounds) {
    const said = await atOnce(
      one.call("POST", "/groups", { name: `Same ${n}` }),
      other.call("POST", "/groups", { name: `SAME ${n}` }),
    );
    expect(said).toEqual(["201", "409 group.name_taken"]);
  }
});

test("the set-up link used twice at once makes one tenant", async () => {
  const fresh = await testInstallation();
  try {
    const link = await makeSetUpLink(fresh);
    const visitor = caller(fresh, "");
    const setUp = (slug: string) =>
      visitor("POST", "//setup", {
        secret: link?.split("#")[1],
        tenantName: slug,
        slug,
        firstName: "Olga",
        lastName: "Owner",
        email: "olga@northwind.example",
        password: "seven yellow bicycles",
      });
    expect(await atOnce(setUp("first"), setUp("second"))).toEqual(["201", "410 setup.link_invalid"]);
    expect(await fresh.database.query("select id from tenants")).toHaveLength(1);
    expect(await fresh.database.query("select id from users")).toHaveLength(1);
  } finally {
    await fresh.close();
  }
});
