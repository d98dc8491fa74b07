import { expect, test } from "vitest";
import { rowsOfImport } from "#tests/support/run-import.ts";
import { header, people, undoDesk } from "#tests/support/undo-desk.ts";
import { writeMailFailures } from "../../users/store-mail-failure.ts";

const desk = undoDesk();
const { call, imported, planOf, undone, everybody, erase, personOf } = desk;

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

test("whom a file that was imported later has too stays, until that is undone", async () => {
  const before = await everybody();
  const first = await imported(people);
  const later = await imported(
    `${header}Anna,Berg,anna@northwind.example,Staff\nCarl,Dahl,carl@northwind.example,\n`,
  );
  expect(await planOf(first.id)).toMatchObject({ erase: 1, conflicts: [{ code: "listed", rows: 1 }] });
  const waiting = await desk.checked(
    `${header}Bela,Cruz,bela@northwind.example,Staff\nDora,Eng,dora@northwind.example,\n`,
  );
  expect(await planOf(first.id), waiting.state).toMatchObject({ erase: 1 });
  await undone(later.id);
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

test("of a group that goes with the import nothing is left, also of whoever was in it and was deleted", async () => {
  const { id } = await desk.imported(people);
  const anna = await desk.personOf("anna@northwind.example");
  expect((await desk.tenant.owner.call("DELETE", `/users/${anna.id}`)).status).toBe(204);
  await desk.undone(id);
  expect(await desk.groupNames()).toEqual([]);
  expect(await desk.query("select from former_memberships where tenant_id = $1", [desk.tenant.id])).toEqual(
    [],
  );
});
