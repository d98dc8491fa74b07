import { expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { importsByJob } from "#tests/support/imports-by-job.ts";
import { applyImport, checkFiles, fileOf, importIn, rowsOfImport } from "#tests/support/run-import.ts";
import { workbook } from "#tests/support/workbook.ts";

/** Files that are read in another way than was recognised. */
const { installation, tenant, owner, makeGroup, person, describePerson, choose } = importsByJob();

const odd =
  "Who,Surname of them,Where,Shift\nAnna,Berg,anna@northwind.example,Night\nBela,Cruz,bela@northwind.example,Day\n";
const correct = async (id: string, change: object) => {
  const answer = await owner.call<Import>("PATCH", `/imports/${id}/files/1`, change);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return importIn(owner, id, "checked", "failed");
};
const columns = ["firstName", "lastName", "email", "groups"];

test("columns are mapped by hand, remembered after a finished import, and forgotten when told to", async () => {
  const { id, files } = await checkFiles(owner, fileOf(odd));
  expect(files[0]).toMatchObject({
    problem: expect.stringMatching(/email address/),
    ways: ["map_columns"],
  });
  expect(files[0]?.recognised?.columns[2]).toMatchObject({
    header: "Where",
    samples: ["anna@northwind.example", "bela@northwind.example"],
  });
  const mapped = await correct(id, { columns });
  expect(mapped.files[0]).toMatchObject({ problem: null, mapping: "chosen", kind: "invite" });
  expect(mapped.unknownGroups.map((group) => group.name).sort()).toEqual(["Day", "Night"]);
  expect((await checkFiles(owner, fileOf(odd))).files[0]?.problem).toMatch(/email address/);
  await choose(id, { createMissingGroups: true });
  await applyImport(owner, id);

  const next = await checkFiles(owner, fileOf(odd.replaceAll("@northwind", "@eastwind")));
  expect(next.files[0]).toMatchObject({ problem: null, mapping: "remembered" });
  expect(next.toApply).toBe(2);
  expect((await correct(next.id, { columns: null })).files[0]?.problem).toMatch(/email address/);
  expect((await checkFiles(owner, fileOf(odd))).files[0]?.mapping).toBe("recognised");
});

test("create or invite is switched for a file; empty passwords are generated", async () => {
  const { id } = await checkFiles(
    owner,
    fileOf("First name,Last name,Email\nAnna,Berg,anna@northwind.example\n"),
  );
  expect(await correct(id, { kind: "create" })).toMatchObject({
    files: [{ kind: "create", problem: null }],
    toApply: 1,
  });
  expect((await applyImport(owner, id)).counts).toMatchObject({ created: 1 });
});

test("encoding, separator and header row are corrected, and an unknown encoding is refused", async () => {
  const content = Buffer.concat([
    Buffer.from("Staff list|2026|\nFirst name|Last name|Email\nJos"),
    Buffer.from([0xe9]),
    Buffer.from("|Berg|jose@northwind.example\n"),
  ]);
  const { id } = await checkFiles(owner, fileOf(content));
  const read = await correct(id, { encoding: "windows-1251", delimiter: "|", headerRow: 2 });
  expect(read.files[0]?.recognised).toMatchObject({
    encoding: "windows-1251",
    delimiter: "|",
    headerRow: 2,
  });
  expect((await rowsOfImport(owner, id))[0]?.firstName).toBe("Josй");
  await correct(id, { encoding: "windows-1252" });
  expect((await rowsOfImport(owner, id))[0]?.firstName).toBe("José");
  expect(shortly(await owner.call("PATCH", `/imports/${id}/files/1`, { encoding: "utf-7" }))).toBe(
    "422 import.unknown_encoding",
  );
  for (const unstorable of [{ sheet: "\ud800" }, { addGroups: ["a\0b"] }])
    expect(shortly(await owner.call("PATCH", `/imports/${id}/files/1`, unstorable))).toBe(
      "400 request.invalid",
    );
});

test("names come from the addresses where that is chosen, and everybody into a group", async () => {
  await makeGroup("Staff");
  const { id, files } = await checkFiles(owner, fileOf("Email\nanna.berg@northwind.example\n"));
  expect(files[0]?.ways).toContain("names_from_address");
  // The names of groups are those that can be made by hand.
  for (const name of ["Staff; Board", "\u200b", "x".repeat(101), "a\nb"]) {
    const refused = await owner.call("PATCH", `/imports/${id}/files/1`, { addGroups: [name] });
    expect(shortly(refused), name).toBe("400 request.invalid");
  }
  const read = await correct(id, { namesFromAddress: true, addGroups: ["Staff", " New\u00a0 ones "] });
  expect(read).toMatchObject({
    files: [{ addGroups: ["Staff", "New ones"] }],
    unknownGroups: [{ name: "New ones" }],
  });
  await choose(id, { createMissingGroups: true });
  await applyImport(owner, id);
  expect(await describePerson("anna.berg@")).toEqual(["Anna", "Berg", ["New ones", "Staff"]]);
  // A guessed name never takes the place of the one somebody has.
  await owner.call("PATCH", `/users/${(await person("anna.berg@"))?.id}`, {
    version: 1,
    firstName: "Annika",
  });
  const again = await checkFiles(owner, fileOf("Email\nanna.berg@northwind.example\n"));
  await correct(again.id, { namesFromAddress: true });
  expect((await choose(again.id, { existing: "replace_groups" })).counts).toMatchObject({ unchanged: 1 });
});

test("an Excel workbook is read as it is, its sheet can be chosen, and the problem rows come home as one", async () => {
  const cell = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const sheet = (...rows: string[][]) =>
    `<worksheet><sheetData>${rows.map((cells) => `<row>${cells.map(cell).join("")}</row>`).join("")}</sheetData></worksheet>`;
  const head = ["First name", "Last name", "Email"];
  const content = await workbook({
    sheets: {
      Staff: sheet(
        head,
        ["Anna", "Berg", "anna@northwind.example"],
        ["''=Bela", "", "bela@northwind.example"],
      ),
      Guests: sheet(head, ["Gus", "Guest", "gus@northwind.example"]),
    },
  });
  const { id, files } = await checkFiles(owner, fileOf(content, "people.xlsx"));
  expect(files[0]?.recognised).toMatchObject({ format: "xlsx", sheets: ["Staff", "Guests"], sheet: "Staff" });
  const response = await installation.http.inject({
    url: `/api/v1/t/${tenant.slug}/imports/${id}/problem-rows.xlsx`,
    headers: { cookie: owner.cookie },
  });
  const again = await checkFiles(owner, fileOf(response.rawPayload, "problem-rows.xlsx"));
  expect(again.counts).toMatchObject({ problem: 1 });
  expect((await rowsOfImport(owner, again.id))[0]).toMatchObject({
    firstName: "'=Bela",
    email: "bela@northwind.example",
  });
  // What was typed into a row of one sheet is nothing about the row of that number in another.
  await owner.call("PATCH", `/imports/${id}/rows/1/2`, { email: "typed@northwind.example" });
  await owner.call("PATCH", `/imports/${id}/files/1`, { sheet: "Guests" });
  expect(await importIn(owner, id, "checked")).toMatchObject({
    toApply: 1,
    files: [{ recognised: { sheet: "Guests" } }],
  });
  expect(await rowsOfImport(owner, id)).toMatchObject([{ firstName: "Gus", email: "gus@northwind.example" }]);
  expect((await applyImport(owner, id)).counts).toMatchObject({ invited: 1 });
});
