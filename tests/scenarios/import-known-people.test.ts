import { beforeEach, expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { first, importsByJob } from "#tests/support/imports-by-job.ts";
import { applyImport, checkFiles, fileOf, press, rowsOfImport } from "#tests/support/run-import.ts";

/** Imports of files with people who are users already. */
const { installation, tenant, owner, makeGroup, person, describePerson, choose, imported } = importsByJob();

beforeEach(async () => {
  for (const name of ["Staff", "Sales", "Night"]) await makeGroup(name);
  await imported();
});

test("the same file again is a no-op that says when it was imported", async () => {
  const again = await checkFiles(owner, fileOf(first));
  expect(again).toMatchObject({
    toApply: 0,
    counts: { existing: 3, ready: 0 },
    obstacle: {
      reason: "nothing_changes",
      message: expect.stringMatching(/everybody in the file is here already\.$/),
    },
  });
  expect(again.files[0]?.importedBefore).toMatchObject({ importId: expect.any(String) });
  for (const existing of ["add_groups", "replace_groups"]) {
    expect(await choose(again.id, { existing })).toMatchObject({
      counts: { unchanged: 3, update: 0 },
      obstacle: { message: expect.stringMatching(/here already, exactly as the file says\.$/) },
    });
  }
  expect(shortly(await press(owner, again.id))).toBe("409 import.nothing_to_import");
});

const changed =
  "First name,Last name,Email,Groups\nAnne,Berg,ANNA@northwind.example,Night\nBela,Cruz,bela@northwind.example,Sales\nDora,Ek,dora@northwind.example,Night\n";

test("names are updated and groups added, old and new are said before", async () => {
  const { id } = await checkFiles(owner, fileOf(changed));
  const plan = await choose(id, { existing: "add_groups" });
  expect(plan).toMatchObject({ toApply: 2, emails: 1, counts: { update: 1, unchanged: 1, ready: 1 } });
  const [anna] = await rowsOfImport(owner, id);
  expect(anna?.changes).toEqual([
    { field: "firstName", old: "Anna", new: "Anne" },
    { field: "groups", old: "", new: "+Night" },
  ]);
  expect((await applyImport(owner, id)).counts).toMatchObject({ updated: 1, unchanged: 1, invited: 1 });
  expect(await describePerson("anna@")).toEqual(["Anne", "Berg", ["Night", "Staff"]]);
  expect(await describePerson("bela@")).toEqual(["Bela", "Cruz", ["Sales", "Staff"]]);
  expect(await describePerson("dora@")).toEqual(["Dora", "Ek", ["Night"]]);
});

test("groups are replaced where that is chosen; a file without groups takes none away", async () => {
  const { id } = await checkFiles(owner, fileOf(changed));
  await choose(id, { existing: "replace_groups" });
  expect((await applyImport(owner, id)).counts).toMatchObject({ updated: 2, invited: 1 });
  expect(await describePerson("anna@")).toEqual(["Anne", "Berg", ["Night"]]);
  expect(await describePerson("bela@")).toEqual(["Bela", "Cruz", ["Sales"]]);

  const bare = await checkFiles(
    owner,
    fileOf("First name,Last name,Email\nAnne,Berg,anna@northwind.example\n"),
  );
  expect((await choose(bare.id, { existing: "replace_groups" })).counts).toMatchObject({ unchanged: 1 });
});

test("languages: an empty one says nothing, or the tenant's where the file is the whole truth", async () => {
  const languageOf = async (email: string) =>
    (await owner.call<{ items: { language: string | null }[] }>("GET", `/users?search=${email}`)).body
      .items[0]?.language;
  const file = (...rows: string[]) =>
    fileOf(`First name,Last name,Email,Sprache\n${rows.join("\n")}\n`, "sprachen.csv");
  const anna = "Anna,Berg,anna@northwind.example";
  const bela = "Bela,Cruz,bela@northwind.example";
  const { id } = await checkFiles(
    owner,
    file(`${anna},Deutsch`, `${bela},Klingon`, "Dora,Ek,dora@northwind.example,es"),
  );
  const plan = await choose(id, { existing: "replace_groups" });
  expect(plan).toMatchObject({ warnings: 1, counts: { update: 1, unchanged: 1, ready: 1 } });
  expect(await rowsOfImport(owner, id)).toMatchObject([
    { language: "de", changes: [{ field: "language", old: "", new: "Deutsch" }], warnings: [] },
    { language: null, changes: [], warnings: [{ column: "Sprache", field: "language" }] },
    { language: "es", changes: [], warnings: [] },
  ]);
  // Another value of that row is mended: what is to be said of its language stays, until that is mended too.
  const edit = async (values: object) =>
    (await owner.call<{ row: object }>("PATCH", `/imports/${id}/rows/1/3`, values)).body.row;
  expect(await edit({ firstName: "Béla" })).toMatchObject({ warnings: [{ field: "language" }] });
  expect(await edit({ language: "englisch" })).toMatchObject({
    warnings: [],
    changes: [{ field: "firstName" }, { field: "language", old: "", new: "English" }],
  });
  expect((await applyImport(owner, id)).counts).toMatchObject({ updated: 2, invited: 1 });
  expect(await Promise.all(["anna@", "bela@", "dora@"].map(languageOf))).toEqual(["de", "en", "es"]);

  const again = await checkFiles(owner, file(`${anna},`, `${bela.replace("Bela", "Béla")},en`));
  expect((await choose(again.id, { existing: "add_groups" })).counts).toMatchObject({ unchanged: 2 });
  expect((await choose(again.id, { existing: "replace_groups" })).counts).toMatchObject({
    update: 1,
    unchanged: 1,
  });
  await applyImport(owner, again.id);
  expect(await languageOf("anna@")).toBeNull();
});

test("never an owner, never somebody above the importer, and never a password", async () => {
  const assistant = await tenant.person("user_administrator");
  const admin = await tenant.person("administrator");
  const content = `First name,Last name,Email,Password\nX,Y,${owner.email},quiet river stone\nX,Y,${admin.email},quiet river stone\nX,Y,cara@northwind.example,quiet river stone\n`;
  const { id } = await checkFiles(assistant, fileOf(content));
  const plan = await assistant.call<Import>("PATCH", `/imports/${id}`, { existing: "add_groups" });
  expect(plan.body.counts).toMatchObject({ existing: 2, update: 1 });
  const rows = await rowsOfImport(assistant, id);
  expect(rows.map((row) => row.warnings[0]?.message ?? "")).toEqual([
    expect.stringMatching(/is an owner/),
    expect.stringMatching(/may do more than you/),
    "",
  ]);
  const before = await installation.database.query(
    "select * from credentials where tenant_id = $1 order by user_id",
    [tenant.id],
  );
  expect((await applyImport(assistant, id)).counts).toMatchObject({ updated: 1, existing: 2 });
  expect(
    await installation.database.query("select * from credentials where tenant_id = $1 order by user_id", [
      tenant.id,
    ]),
  ).toEqual(before);
});

test("somebody changed between the plan and Import CSV: the difference is shown first", async () => {
  const { id } = await checkFiles(owner, fileOf(changed));
  await choose(id, { existing: "add_groups" });
  const anna = await person("anna@");
  await owner.call("PATCH", `/users/${anna?.id}`, { version: 1, firstName: "Anne" });
  const back = await applyImport(owner, id);
  expect(back).toMatchObject({ state: "checked", drift: expect.stringMatching(/plan/) });
  expect((await rowsOfImport(owner, id))[0]?.changes).toEqual([{ field: "groups", old: "", new: "+Night" }]);
  expect(await describePerson("dora@")).toBeUndefined();
  expect((await applyImport(owner, id)).counts).toMatchObject({ updated: 1, invited: 1 });
});
