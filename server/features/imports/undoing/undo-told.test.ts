import { expect, test } from "vitest";
import { rowsOfImport } from "#tests/support/run-import.ts";
import { header, people, undoDesk } from "#tests/support/undo-desk.ts";
import { keptInMailbox } from "../../mail/contract.ts";
import type { Import } from "../contract.ts";

/** What is told of an undo: before it is carried out, of each row afterwards, and in the audit log. */
const desk = undoDesk();
const { call, imported, planOf, undone, erase, personOf } = desk;

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
    { action: "import.finished", actor },
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
