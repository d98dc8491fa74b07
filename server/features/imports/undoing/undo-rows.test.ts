import { beforeEach, expect, test } from "vitest";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { roughDoor } from "#tests/support/rough-door.ts";
import { rowsOfImport } from "#tests/support/run-import.ts";
import { peopleStates } from "#tests/support/state-of-people.ts";
import { expectKill } from "#tests/support/trouble-at-work.ts";
import { keptInMailbox } from "../../mail/contract.ts";
import { writeMailFailures } from "../../users/store-mail-failure.ts";
import type { Import, UndoPlan } from "../contract.ts";
import { undoRows } from "./undo-rows.ts";

const desk = importsByHand({});
beforeEach(() => desk.newTenant());

const header = "First name,Last name,Email,Groups\n";
const people = `${header}Anna,Berg,anna@northwind.example,Staff\nBela,Cruz,bela@northwind.example,Staff\n`;

const call = <Body = unknown>(method: "GET" | "POST" | "PATCH", path: string, body?: unknown) =>
  desk.tenant.owner.call<Body>(method, path, body);

async function imported(content: string, choice: object = {}) {
  const { id } = await desk.checked(content);
  await call<Import>("PATCH", `/imports/${id}`, {
    createMissingGroups: true,
    mail: { when: "hold" },
    ...choice,
  });
  const finished = await desk.applied(id);
  expect(finished.state).toBe("finished");
  return finished;
}

const planOf = async (id: string) => (await call<UndoPlan>("GET", `/imports/${id}/undo`)).body;

async function pressUndo(id: string) {
  const { hash } = await planOf(id);
  expect((await call("POST", `/imports/${id}/undo`, { planHash: hash })).status).toBe(202);
}

async function undone(id: string) {
  await pressUndo(id);
  await desk.job("imports.apply");
  return desk.see(id);
}

const everybody = () => peopleStates(desk.installation.database, desk.tenant.id);

type Person = { id: string; version: number };
async function personOf(email: string): Promise<Person> {
  const [found] = await desk.query(
    "select id, version from users where tenant_id = $1 and email_key = $2 and deleted_at is null",
    [desk.tenant.id, email],
  );
  return found as Person;
}

test("whose email came back is nobody who was changed: their wrong addresses are what the import is undone for", async () => {
  const before = await everybody();
  const { id } = await imported(people);
  const [anna, bela] = [await personOf("anna@northwind.example"), await personOf("bela@northwind.example")];
  const reply = "550 5.1.1 No such user";
  const failures = [
    { userId: anna.id, emailKey: "anna@northwind.example", reply },
    { userId: bela.id, emailKey: "bela@northwind.example", reply },
  ];
  expect(await desk.door.run((ctx) => writeMailFailures(ctx, failures))).toHaveLength(2);
  expect((await call("POST", `/users/${bela.id}/mail-failure/clear`)).status).toBeLessThan(300);
  expect(await planOf(id)).toMatchObject({ erase: 2, conflicts: [] });
  expect((await undone(id)).counts).toMatchObject({ undone: 2, kept: 0 });
  expect(await everybody()).toEqual(before);
});

test("a later import that changed them and was undone is no change, one that stands is", async () => {
  const before = await everybody();
  const first = await imported(people);
  const rename = `${header}Annika,Berg,anna@northwind.example,Night\n`;
  const second = await imported(rename, { existing: "replace_groups" });
  expect((await planOf(first.id)).conflicts).toMatchObject([{ code: "changed", rows: 1 }]);
  await undone(second.id);
  expect(await planOf(first.id)).toMatchObject({ erase: 2, conflicts: [] });
  await undone(first.id);
  expect(await everybody()).toEqual(before);
});

test.for([
  { email: "anne@northwind.example" },
  { email: "Anna@northwind.example" },
  { firstName: "Annika" },
  { role: "auditor" },
  { language: "de" },
])("whom the import made and somebody gave %o since stays as they are", async (change) => {
  const { id } = await imported(people);
  const anna = await personOf("anna@northwind.example");
  expect((await call("PATCH", `/users/${anna.id}`, { version: anna.version, ...change })).status).toBe(200);
  expect(await planOf(id)).toMatchObject({ erase: 1, conflicts: [{ code: "changed", rows: 1 }] });
  await undone(id);
  expect((await rowsOfImport(desk.tenant.owner, id)).map((row) => row.outcome)).toEqual(["kept", "undone"]);
});

test("whom the import made and somebody suspended since stays suspended", async () => {
  const { id } = await imported(people);
  await call("POST", `/users/${(await personOf("anna@northwind.example")).id}/suspend`);
  expect((await planOf(id)).conflicts).toMatchObject([{ code: "changed", rows: 1 }]);
});

const groupsOf = async (email: string) => (await everybody()).find((one) => one.email_key === email)?.groups;
async function moveMembers(group: string, change: { add?: string[]; remove?: string[] }) {
  const [found] = await desk.query("select id from groups where tenant_id = $1 and name = $2", [
    desk.tenant.id,
    group,
  ]);
  const path = `/groups/${found?.id}/members`;
  expect((await call("POST", path, { add: [], remove: [], ...change })).status).toBe(200);
}

test("groups that somebody changed since are listed and stay; what the import left is given back", async () => {
  await imported(`${people}Cara,Diaz,cara@northwind.example,Staff\n`);
  const { id } = await imported(
    `${header}Anna,Berg,anna@northwind.example,Night\nBela,Cruz,bela@northwind.example,Night\nCara,Diaz,cara@northwind.example,Night\n`,
    { existing: "replace_groups" },
  );
  const [anna, bela, cara] = await Promise.all(
    ["anna@northwind.example", "bela@northwind.example", "cara@northwind.example"].map(personOf),
  );
  await desk.makeGroup("Choir");
  await moveMembers("Night", { remove: [anna?.id ?? ""] });
  await moveMembers("Staff", { add: [bela?.id ?? ""] });
  await moveMembers("Choir", { add: [anna?.id ?? "", bela?.id ?? "", cara?.id ?? ""] });
  const plan = await planOf(id);
  expect(plan).toMatchObject({ restore: 3, conflicts: [{ code: "partly_changed", rows: 2 }] });
  expect(plan.conflicts[0]?.message).toMatch(/groups or the language were changed since, and stay/);
  // As many as the plan said, whether all of it was given back or a part.
  expect(await undone(id)).toMatchObject({ counts: { undone: 1, kept: 2 }, undone: { restored: 3 } });
  expect(await groupsOf("anna@northwind.example")).toEqual(["Choir", "Staff"]);
  expect(await groupsOf("bela@northwind.example")).toEqual(["Choir", "Staff"]);
  expect(await groupsOf("cara@northwind.example")).toEqual(["Choir", "Staff"]);
});

test("a group deleted since is nothing that somebody decided about its people", async () => {
  await imported(people);
  const { id } = await imported(`${header}Anna,Berg,anna@northwind.example,Night\n`, {
    existing: "replace_groups",
  });
  for (const name of ["Night", "Staff"]) {
    const [group] = await desk.query("select id from groups where tenant_id = $1 and name = $2", [
      desk.tenant.id,
      name,
    ]);
    expect((await desk.tenant.owner.call("DELETE", `/groups/${group?.id}`)).status).toBeLessThan(300);
  }
  expect(await planOf(id)).toMatchObject({ restore: 1, conflicts: [] });
});

test("only a file of their own source saves somebody who is missing from it; undoing that one says that they stay", async () => {
  await imported(people, { source: "Register" });
  const missing = await desk.checked(`${header}Anna,Berg,anna@northwind.example,Staff\n`);
  await call("PATCH", `/imports/${missing.id}`, { source: "Register", leaversGraceDays: 3 });
  await call("POST", `/imports/${missing.id}/leavers`, { ticked: true });
  expect((await desk.applied(missing.id)).state).toBe("finished");
  const leaving = () =>
    desk.query("select from import_leavers where tenant_id = $1 and suspend_at is not null", [
      desk.tenant.id,
    ]);

  const bela = `${header}Bela,Cruz,bela@northwind.example,Choir\n`;
  const other = await imported(bela, { source: "Choir", existing: "add_groups" });
  expect(await leaving()).toHaveLength(1);
  expect(await planOf(other.id)).toMatchObject({ restore: 1, keptLeavers: 0 });

  const again = await imported(bela.replace("Choir", "Night"), {
    source: "Register",
    existing: "add_groups",
  });
  expect(await leaving()).toHaveLength(0);
  expect(await planOf(again.id)).toMatchObject({ restore: 1, keptLeavers: 1 });
  await undone(again.id);
  expect(await leaving()).toHaveLength(0);
});

/** People of a source whose first emails wait in every way, all of whom a later import of it has suspended. */
async function suspendedByImport() {
  const at = new Date(Date.now() + 86_400_000);
  const schedule = { when: "schedule", at: at.toISOString(), timeZone: "Europe/Berlin" };
  for (const [names, mail] of [
    [["anna", "bela"], { when: "hold" }],
    [["cara", "dora"], schedule],
    [["eve", "finn"], { when: "now" }],
  ] as const) {
    const rows = names.map((name) => `${name},Berg,${name}@northwind.example,`).join("\n");
    await imported(`${header}${rows}\n`, { source: "Register", mail });
  }
  const { id } = await desk.checked(`${header}Zoe,Zed,zoe@northwind.example,\n`);
  await call("PATCH", `/imports/${id}`, { source: "Register", leaversGraceDays: 0, mail: { when: "hold" } });
  await call("POST", `/imports/${id}/leavers`, { ticked: true });
  await desk.applied(id);
  await desk.job("imports.sweep");
  expect((await desk.see(id)).leavers).toMatchObject({ suspended: 6 });
  return { id, at };
}
const isInAgain = async () =>
  (await everybody()).filter(({ status }) => status === "invited").map(({ email_key }) => email_key);

test("leavers are let in again some at a time, and a kill goes on where it was", async () => {
  const { id } = await suspendedByImport();
  expect(await planOf(id)).toMatchObject({ erase: 1, reactivate: 6 });
  await pressUndo(id);
  let turns = 0;
  await undoRows(roughDoor(desk.door, { batchRows: 2 }), id, () => turns++ === 2);
  expect(await isInAgain()).toHaveLength(2);
  for (const dieAt of [8, 15, 22, 29]) {
    await undoRows(roughDoor(desk.door, { batchRows: 2, dieAt }), id, () => false).catch(expectKill);
    expect((await isInAgain()).length % 2).toBe(0);
  }
  await undoRows(desk.door, id, () => false);
  expect((await desk.see(id)).state).toBe("undone");
  expect(await isInAgain()).toHaveLength(6);
  const told = await desk.query(
    `select action, actor_id, count(*)::int as events, count(distinct target_id)::int as people from audit_events
      where tenant_id = $1 and action in ('user.suspended', 'user.reactivated') group by 1, 2 order by 1`,
    [desk.tenant.id],
  );
  const byOwner = { actor_id: desk.tenant.owner.id, events: 6, people: 6 };
  expect(told).toEqual([
    { action: "user.reactivated", ...byOwner },
    { action: "user.suspended", ...byOwner },
  ]);
});

test("emails to leavers who are let in again are told of first, and wait as those did that were withdrawn", async () => {
  const { id, at } = await suspendedByImport();
  expect((await planOf(id)).welcomes).toEqual({ atOnce: 2, waiting: 4 });
  await undone(id);
  const messages = await desk.query(
    `select u.first_name as name, m.state, m.not_before, m.due_at <= m.created_at as at_once
       from messages m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
      where m.tenant_id = $1 and m.state <> 'withdrawn' order by 1`,
    [desk.tenant.id],
  );
  expect(messages).toEqual([
    { name: "anna", state: "held", not_before: null, at_once: true },
    { name: "bela", state: "held", not_before: null, at_once: true },
    { name: "cara", state: "queued", not_before: at, at_once: false },
    { name: "dora", state: "queued", not_before: at, at_once: false },
    { name: "eve", state: "queued", not_before: null, at_once: true },
    { name: "finn", state: "queued", not_before: null, at_once: true },
  ]);
  const held = await desk.query("select import_id from import_rows where tenant_id = $1 and email_key = $2", [
    desk.tenant.id,
    "anna@northwind.example",
  ]);
  const released = await call<{ released: number }>(
    "POST",
    `/imports/${held[0]?.import_id}/mail/release`,
    {},
  );
  expect(released.body.released).toBe(2);
});

async function erase(email: string) {
  const { id } = await personOf(email);
  await desk.tenant.owner.call("DELETE", `/users/${id}`);
  expect((await call("POST", `/users/${id}/erase`, { email })).status).toBeLessThan(300);
}

test("what an import changed of somebody, and what undoing it gave back, is in their history", async () => {
  await imported(people);
  const choice = { existing: "replace_groups" };
  const { id } = await imported(`${header}Anne,Berg,anna@northwind.example,Night\n`, choice);
  await undone(id);
  const anna = await personOf("anna@northwind.example");
  const { body } = await call<{ items: object[] }>("GET", `/audit?target=${anna.id}`);
  const actor = { kind: "user", id: desk.tenant.owner.id };
  const event = { action: "user.changed", actor, details: { importId: id } };
  const changes = (names: [string, string], groups: [string[], string[]]) => ({
    firstName: { before: names[0], after: names[1] },
    groups: { before: groups[0], after: groups[1] },
  });
  expect(body.items).toMatchObject([
    { ...event, changes: changes(["Anne", "Anna"], [["Night"], ["Staff"]]) },
    { ...event, changes: changes(["Anna", "Anne"], [["Staff"], ["Night"]]) },
  ]);
  expect((await call("GET", `/users/${anna.id}/provenance`)).body).toMatchObject({
    items: [
      { importId: id, outcome: "undone", made: false },
      { outcome: "invited", made: true },
    ],
  });
});

const changing = `${header}Anne,Berg,anna@northwind.example,Night\nDora,Ek,dora@northwind.example,Night\nEve,Fox,eve@northwind.example,\nFinn,Gray,finn@northwind.example,\n`;

/** An import that changes Anna, makes three people and a group; Dora has been emailed, Finn has signed in. */
async function importedSome() {
  await imported(people);
  const { id } = await imported(changing, { existing: "replace_groups" });
  const [dora, finn] = [await personOf("dora@northwind.example"), await personOf("finn@northwind.example")];
  await desk.query(
    "update messages set state = 'accepted', finished_at = now() where tenant_id = $1 and user_id = any($2)",
    [desk.tenant.id, [dora.id, finn.id]],
  );
  await desk.query("update users set last_sign_in_at = now() where tenant_id = $1 and id = $2", [
    desk.tenant.id,
    finn.id,
  ]);
  return id;
}

test("emails that went since somebody looked at the plan make another one", async () => {
  const { id } = await imported(people);
  const { hash, emailed } = await planOf(id);
  expect(emailed).toBe(0);
  await desk.query("update messages set state = 'accepted', finished_at = now() where tenant_id = $1", [
    desk.tenant.id,
  ]);
  expect(await call("POST", `/imports/${id}/undo`, { planHash: hash })).toMatchObject({ status: 409 });
  expect(await planOf(id)).toMatchObject({ emailed: 2 });
});

test("the plan tells how many of those who are erased have been emailed, and so does what is left of it", async () => {
  const id = await importedSome();
  expect(await planOf(id)).toMatchObject({ erase: 2, emailed: 1, withdraw: 1, restore: 1, removeGroups: 1 });
  const found = await undone(id);
  const { id: ownerId } = desk.tenant.owner;
  expect(found).toMatchObject({
    undone: { erased: 2, emailed: 1, restored: 1 },
    undoStartedBy: { id: ownerId, name: "Test owner" },
    undoStartedAt: expect.any(String),
  });
  expect((await call<{ items: Import[] }>("GET", "/imports")).body.items[0]).toMatchObject({
    undoStartedBy: { id: ownerId },
  });
});

test("whose email is kept in the built-in mailbox has not been emailed, and that is known of who is erased, too", async () => {
  const id = await importedSome();
  const kept = [desk.tenant.id, keptInMailbox];
  await desk.query("update messages set last_reply = $2 where tenant_id = $1 and state = 'accepted'", kept);
  expect(await planOf(id)).toMatchObject({ erase: 2, emailed: 0 });
  const found = await undone(id);
  expect(found).toMatchObject({ undone: { erased: 2, emailed: 0 }, messages: { accepted: 2, kept: 2 } });
});

test("each row of an undone import says what became of whom, and of their email", async () => {
  const id = await importedSome();
  await undone(id);
  const rows = await rowsOfImport(desk.tenant.owner, id);
  expect(rows.map(({ outcome, undo, message }) => [outcome, undo, message?.state])).toEqual([
    ["undone", "restored", undefined],
    ["undone", "erased", "accepted"],
    ["undone", "erased", "withdrawn"],
    ["kept", "signed_in", "accepted"],
  ]);
  expect(rows[1]).toMatchObject({ rowNo: 3, email: "", userId: null, problems: [{ code: "undone" }] });
  expect(rows[0]?.changes).toEqual([
    { field: "firstName", old: "Anne", new: "Anna" },
    { field: "groups", old: "", new: "+Staff, −Night" },
  ]);
  const report = (await call<string>("GET", `/imports/${id}/report.csv`)).body;
  const lines = report.split("\r\n").map((line) => line.split(","));
  const at = ["row", "outcome", "undo", "changes", "message"].map((name) => lines[0]?.indexOf(name) ?? -1);
  expect(lines.slice(1, 5).map((line) => at.slice(0, 3).map((place) => line[place]))).toEqual([
    ["2", "undone", "restored"],
    ["3", "undone", "erased"],
    ["4", "undone", "erased"],
    ["5", "kept", "signed_in"],
  ]);
  await erase("anna@northwind.example");
  expect((await rowsOfImport(desk.tenant.owner, id))[0]).toMatchObject({
    undo: "restored",
    problems: [{ code: "erased" }],
  });
});

test("why somebody was left alone is read of imports that an older version undid", async () => {
  const id = await importedSome();
  await undone(id);
  await desk.query(
    `update import_rows set plan = '{"kept": "Was deleted since; there is nothing to undo."}'
      where tenant_id = $1 and import_id = $2 and outcome = 'kept'`,
    [desk.tenant.id, id],
  );
  expect((await rowsOfImport(desk.tenant.owner, id))[3]).toMatchObject({
    undo: "gone",
    problems: [{ message: "Was deleted since; there is nothing to undo." }],
  });
});

test("whoever asked for it has done it: the import, the undo and every group that goes with it", async () => {
  const id = await importedSome();
  await undone(id);
  type Event = {
    action: string;
    actor: object;
    target: { id: string } | null;
    changes: object;
    details: object;
  };
  const { body } = await call<{ items: Event[] }>("GET", "/audit?limit=100");
  const actor = { kind: "user", id: desk.tenant.owner.id };
  const of = (action: string, about?: string) =>
    body.items.filter((event) => event.action === action && (!about || event.target?.id === about));
  expect(of("import.finished", id)).toMatchObject([{ actor }]);
  expect(of("import.undone", id)).toMatchObject([
    { actor, details: { erased: 2, emailed: 1, restored: 1, kept: 1, groups: 1 } },
  ]);
  expect(of("group.deleted")).toMatchObject([
    { actor, changes: { name: { before: "Night", after: null } }, details: { members: 0 } },
  ]);
  expect(of("group.created")).toMatchObject([{ actor }, { actor }]);
});

test.for(["undone", "erased"])(
  "what files say of somebody stays when another one is %s who had got their former address",
  async (how) => {
    const made = await imported(`${header}Bob,Berg,bob@northwind.example,Staff\n`);
    const changed = await imported(`${header}Robert,Berg,bob@northwind.example,Night\n`, {
      existing: "replace_groups",
    });
    const bob = await personOf("bob@northwind.example");
    const correct = { version: bob.version, email: "robert@northwind.example" };
    expect((await call("PATCH", `/users/${bob.id}`, correct)).status).toBe(200);
    const another = await imported(`${header}Bob,Another,bob@northwind.example,\n`);
    await (how === "undone" ? undone(another.id) : erase("bob@northwind.example"));
    for (const { id } of [made, changed])
      expect(await rowsOfImport(desk.tenant.owner, id)).toMatchObject([{ email: "bob@northwind.example" }]);
    await undone(changed.id);
    expect(await everybody()).toMatchObject([
      { email_key: "robert@northwind.example", first_name: "Bob", groups: ["Staff"] },
    ]);
  },
);
