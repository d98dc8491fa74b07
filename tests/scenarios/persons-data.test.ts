import { afterAll, beforeAll, expect, test } from "vitest";
import type { SignInFacts } from "#server/features/sign-in/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { startBulk, workOff } from "#tests/support/bulk-action.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf, rowsOfImport } from "#tests/support/run-import.ts";
import { type TestPerson, type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

let installation: TestInstallation;
let tenant: TestTenant;
let owner: TestPerson;

beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
  owner = tenant.owner;
  await installation.startJobs();
});
afterAll(() => installation?.close());

type Everything = Record<string, unknown> & {
  history: { action: string; by: string; who: string; what: string; changes?: object }[];
};

test("everything held about somebody: what they were, are and did, no secret, nobody else", async () => {
  const file = fileOf(
    "First name,Last name,Email,Password\nIda,Lund,ida@held.example,quiet river stone 9\nOle,Other,ole@held.example,\n",
  );
  const done = await applyImport(owner, (await checkFiles(owner, file)).id);
  const [row] = await rowsOfImport(owner, done.id);
  const path = `/users/${row?.userId}`;
  const { body: ida } = await owner.call<User>("GET", path);
  await owner.call("PATCH", path, { version: ida.version, lastName: "Lundby" });
  const answer = await owner.call<Everything>("GET", `${path}/everything.json`);
  expect(answer.headers["content-disposition"]).toContain('"everything-about-ida-lundby.json"');
  expect(answer.body).toMatchObject({
    tenant: tenant.slug,
    person: { firstName: "Ida", lastName: "Lundby", email: "ida@held.example" },
    password: { temporary: true },
    imports: [{ file: "people.csv", row: 2, email: "ida@held.example", firstName: "Ida" }],
  });
  expect(answer.body.messages).toMatchObject([{ kind: "user.created" }]);
  const changed = answer.body.history.find(({ action }) => action === "user.changed");
  expect(changed).toMatchObject({ by: "user", changes: { lastName: { before: "Lund", after: "Lundby" } } });
  const said = JSON.stringify(answer.body);
  for (const secret of ["argon2", "quiet river", "id_hash", "sealed", "Ole", "ole@held", owner.email])
    expect(said).not.toContain(secret);
  const [event] = await installation.database.query<{ action: string }>(
    "select action from audit_events where target_id = $1 order by at desc, id desc limit 1",
    [row?.userId],
  );
  expect(event?.action).toBe("user.data_exported");
  // Deleted people may ask as well, until they are erased.
  await owner.call("DELETE", path);
  const after = await owner.call<Everything>("GET", `${path}/everything.json`);
  expect(after.body).toMatchObject({ person: { status: "deleted" } });
});

test("each event of the history is to be read: when, who and what, of others without their names", async () => {
  await inTimeZone("Europe/Berlin");
  const administrator = await tenant.person("administrator");
  const { id } = await tenant.person("member");
  const path = `/users/${id}`;
  const member = (await owner.call<User>("GET", path)).body;
  await administrator.call("PATCH", path, { version: member.version, lastName: "Lundby" });
  const made = await administrator.call<{ id: string }>("POST", "/groups", { name: "Choir of Ole" });
  await administrator.call("POST", `/groups/${made.body.id}/members`, { add: [id], remove: [] });
  const theirs = (await owner.call<Everything>("GET", `${path}/everything.json`)).body.history;
  expect(theirs.find(({ action }) => action === "user.changed")).toMatchObject({
    when: expect.stringMatching(/^\d{1,2} \w+ 20\d\d at \d\d:\d\d:\d\d (CET|CEST)$/),
    who: "Somebody else",
    what: "Changed the last name of Test Lundby",
  });
  const own = await installation.http.inject({
    url: `/api/v1/t/${tenant.slug}/me/everything.json`,
    headers: { cookie: administrator.cookie },
  });
  const said = own.json<Everything>().history.map(({ who, what }) => `${who}: ${what}`);
  expect(said).toContain("Test administrator: Changed the last name of somebody else");
  expect(said).toContain("Test administrator: Created the group …");
  expect(own.body).not.toMatch(/Lundby|Choir of Ole/);
  // One line for each fact, as in the rest of the file.
  expect(own.body).toMatch(/^ {6}"what": "Created the group …",$/m);
});

async function inTimeZone(timeZone: string) {
  const { body } = await owner.call<{ version: number }>("GET", "/settings");
  expect((await owner.call("PATCH", "/settings", { version: body.version, timeZone })).status).toBe(200);
}

test("it has the groups that a bulk action put them into, and from which files they were missing", async () => {
  const [ida, ole] = [await tenant.person("member"), await tenant.person("member")];
  const group = await owner.call<{ id: string }>("POST", "/groups", { name: "Choir" });
  const action = await startBulk(owner, {
    action: "add_to_groups",
    groupIds: [group.body.id],
    selection: { ids: [ida.id, ole.id] },
  });
  await workOff(installation, tenant, action.id);
  const { id: importId } = await checkFiles(
    owner,
    fileOf("First name,Last name,Email\nA,B,a@held.example\n"),
  );
  await owner.call("PATCH", `/imports/${importId}`, { source: "School office" });
  await installation.database.query(
    "insert into import_leavers (tenant_id, import_id, user_id, ticked) values ($1, $2, $3, true)",
    [tenant.id, importId, ida.id],
  );
  const { body } = await ida.call<Everything>("GET", "/me/everything.json");
  expect(body).toMatchObject({
    bulkActions: [{ action: "add_to_groups", outcome: "changed", group: "Choir", reason: null }],
    missingFromImports: [{ source: "School office", chosen: true, suspendAt: null, suspendedAt: null }],
  });
  expect(JSON.stringify(body)).not.toContain(ole.id);
});

test("somebody's own data is theirs to have, and what they did to others says nothing of them", async () => {
  const administrator = await tenant.person("administrator");
  await administrator.call("POST", "/users", {
    mode: "invite",
    firstName: "Unmentioned",
    lastName: "Person",
    email: "unmentioned@held.example",
  });
  const member = await tenant.person("member");
  expect((await member.call<Everything>("GET", "/me/everything.json")).body).toMatchObject({
    person: { id: member.id },
    sessions: [{ userAgent: "test" }],
  });
  const own = await administrator.call<Everything>("GET", "/me/everything.json");
  expect(own.body.history.map(({ action }) => action)).toContain("user.invited");
  expect(JSON.stringify(own.body)).not.toMatch(/unmentioned/i);
  expect(shortly(await member.call("GET", `/users/${member.id}/everything.json`))).toBe(
    "403 permission.missing",
  );
});

test("of others who may not read the audit log has no part of it either; an auditor has their own alone", async () => {
  const helper = await tenant.person("user_administrator");
  const member = await tenant.person("member");
  const person = (await owner.call<User>("GET", `/users/${member.id}`)).body;
  await owner.call("PATCH", `/users/${member.id}`, { version: person.version, lastName: "Renamed" });
  const theirs = await helper.call<Everything>("GET", `/users/${member.id}/everything.json`);
  expect(theirs.body).toMatchObject({
    person: { id: member.id, lastName: "Renamed" },
    history: expect.stringContaining("your role does not read the audit log"),
  });
  const own = await helper.call<Everything>("GET", `/users/${helper.id}/everything.json`);
  expect(own.body.history.map(({ action }) => action)).toContain("user.data_exported");
  const auditor = await tenant.person("auditor");
  const answers = [member, owner, auditor].map(({ id }) =>
    auditor.call("GET", `/users/${id}/everything.json`).then(shortly),
  );
  expect(await Promise.all(answers)).toEqual([
    "403 user.not_yours_to_export",
    "403 user.not_yours_to_export",
    "200",
  ]);
});

test("sessions: one ended, all others, everywhere; nobody ends those of somebody above them", async () => {
  const person = await tenant.person("member");
  const elsewhere = visitor(installation, tenant.slug);
  await elsewhere.call("POST", "/session", { email: person.email, password: testPassword });
  const listed = await person.call<{ items: SignInFacts["sessions"] }>("GET", "/me/sessions");
  expect(listed.body.items.map(({ current }) => current).sort()).toEqual([false, true]);
  const other = listed.body.items.find(({ current }) => !current);
  expect((await person.call("DELETE", `/me/sessions/${other?.id}`)).status).toBe(204);
  expect(shortly(await person.call("DELETE", `/me/sessions/${other?.id}`))).toBe("404 not_found");
  expect(shortly(await elsewhere.call("GET", "/me"))).toBe("401 session.required");

  await elsewhere.call("POST", "/session", { email: person.email, password: testPassword });
  expect((await elsewhere.call("DELETE", "/me/sessions")).status).toBe(204);
  expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
  expect((await elsewhere.call("GET", "/me")).status).toBe(200);

  const facts = async () => (await owner.call<SignInFacts>("GET", `/users/${person.id}/sign-in`)).body;
  expect(await facts()).toMatchObject({ password: "own", lockedUntil: null, sessions: [{ current: false }] });
  const [open] = (await facts()).sessions;
  // A session of one person is none of another's.
  expect(shortly(await owner.call("DELETE", `/users/${owner.id}/sessions/${open?.id}`))).toBe(
    "404 not_found",
  );
  expect((await owner.call("DELETE", `/users/${person.id}/sessions`)).status).toBe(204);
  expect((await facts()).sessions).toEqual([]);
  expect(shortly(await elsewhere.call("GET", "/me"))).toBe("401 session.required");
});

test("a lockout is seen and lifted; then the right password lets in at once", async () => {
  const person = await tenant.person("member");
  const stranger = visitor(installation, tenant.slug);
  const enter = (password: string) => stranger.call("POST", "/session", { email: person.email, password });
  for (let n = 0; n < 10; n++) await enter("a wrong password");
  expect(shortly(await enter(testPassword))).toBe("429 throttled");
  const facts = async () => (await owner.call<SignInFacts>("GET", `/users/${person.id}/sign-in`)).body;
  expect(Date.parse((await facts()).lockedUntil ?? "")).toBeGreaterThan(Date.now());
  expect((await owner.call("POST", `/users/${person.id}/lift-lockout`)).status).toBe(204);
  expect((await facts()).lockedUntil).toBeNull();
  expect((await enter(testPassword)).status).toBe(200);
});
