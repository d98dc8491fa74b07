import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { checkFile, recognise, sample } from "#tests/support/import-file.ts";
import type { CheckedRow } from "./types.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const clean = (rows: CheckedRow[]) =>
  rows.filter(({ problems, notes }) => problems.length + notes.length === 0);

/** The lines below the headers cut up by hand: none of these samples but `messy.csv` has a quote that matters. */
async function linesOf(name: string, { encoding = "utf-8", delimiter = ",", from = 1 } = {}) {
  const lines = iconv
    .decode(await sample(name), encoding)
    .split(/\r?\n/)
    .slice(from)
    .filter(Boolean);
  return lines.map((line) => line.split(delimiter));
}

const as = (people: string[][], at: { first: number; last: number; email: number }) =>
  people.map((cells) => [cells[at.first], cells[at.last], cells[at.email]]);
const people = (rows: CheckedRow[]) =>
  rows.map(({ firstName, lastName, email }) => [firstName, lastName, email]);

test("google-workspace-upload.csv", async () => {
  const { mapping, problems, rows } = await checkFile(await sample("google-workspace-upload.csv"));
  const lines = await linesOf("google-workspace-upload.csv");
  expect(problems).toEqual([]);
  expect(mapping).toMatchObject({
    kind: "create",
    firstName: 0,
    lastName: 1,
    email: 2,
    password: 3,
    passwordHash: 4,
    groups: [],
  });
  expect(mapping.ignored.filter(({ candidate }) => candidate).map(({ header }) => header)).toEqual([
    "Org Unit Path [Required]",
    "Department",
    "Cost Center",
  ]);
  expect(rows.map(({ rowNo }) => rowNo)).toEqual(range(2, 41));
  expect(people(rows)).toEqual(as(lines, { first: 0, last: 1, email: 2 }));
  expect(rows.map(({ password }) => password)).toEqual(lines.map((cells) => cells[3]));
  expect(rows.every(({ suspended, groupNames }) => !suspended && groupNames.length === 0)).toBe(true);
  expect(clean(rows)).toHaveLength(40);
});

test("entra-bulk-create.csv", async () => {
  const { mapping, problems, rows } = await checkFile(await sample("entra-bulk-create.csv"));
  const lines = await linesOf("entra-bulk-create.csv", { from: 2 });
  expect(problems).toEqual([]);
  expect(recognise(await sample("entra-bulk-create.csv"))).toMatchObject({ headerRow: 2 });
  expect(mapping).toMatchObject({
    kind: "create",
    firstName: 4,
    lastName: 5,
    email: 1,
    password: 2,
    groups: [],
  });
  expect(rows.map(({ rowNo }) => rowNo)).toEqual(range(3, 42));
  expect(people(rows)).toEqual(as(lines, { first: 4, last: 5, email: 1 }));
  expect(rows.map(({ password }) => password)).toEqual(lines.map((cells) => cells[2]));
  expect(rows.filter(({ suspended }) => suspended).map(({ firstName }) => firstName)).toEqual([
    "Amara",
    "Jürgen",
    "Søren",
    "Bogdan",
    "Kwame",
  ]);
  expect(clean(rows)).toHaveLength(40);
});

describe("entra-bulk-invite.csv", () => {
  test("has no names, which is said once", async () => {
    const { mapping, problems } = await checkFile(await sample("entra-bulk-invite.csv"));
    expect(mapping).toMatchObject({ kind: "invite", email: 0 });
    expect(problems).toMatchObject([{ code: "no_names", ways: ["map_columns", "names_from_address"] }]);
  });

  test("imports with the names from the addresses", async () => {
    const { rows } = await checkFile(await sample("entra-bulk-invite.csv"), {
      mapping: { namesFromAddress: true },
    });
    expect(rows.map(({ rowNo }) => rowNo)).toEqual(range(3, 17));
    expect(rows[0]).toMatchObject({
      firstName: "Amara",
      lastName: "Adeyemi",
      email: "amara.adeyemi@northwind.example",
    });
    expect(clean(rows)).toHaveLength(15);
  });
});

test("moodle-upload-users.csv", async () => {
  const { mapping, problems, rows } = await checkFile(await sample("moodle-upload-users.csv"));
  const lines = await linesOf("moodle-upload-users.csv");
  expect(problems).toEqual([]);
  expect(mapping).toMatchObject({
    kind: "create",
    firstName: 2,
    lastName: 3,
    email: 4,
    password: 1,
    groups: [5, 6],
  });
  expect(people(rows)).toEqual(as(lines, { first: 2, last: 3, email: 4 }));
  expect(rows.map(({ password }) => password)).toEqual(lines.map((cells) => cells[1]));
  expect(rows.map(({ groupNames }) => groupNames)).toEqual(
    lines.map((cells) => [...new Set(cells.slice(5))].filter(Boolean)),
  );
  expect(rows[0]?.groupNames).toEqual(["Scanning – Invoices", "First Aid"]);
  expect(clean(rows)).toHaveLength(40);
});

test("german-excel-windows-1252.csv", async () => {
  const file = await sample("german-excel-windows-1252.csv");
  const { mapping, problems, rows } = await checkFile(file);
  const lines = await linesOf("german-excel-windows-1252.csv", { encoding: "windows-1252", delimiter: ";" });
  expect(recognise(file)).toMatchObject({ encoding: "windows-1252", delimiter: ";" });
  expect(problems).toEqual([]);
  expect(mapping).toMatchObject({ kind: "invite", firstName: 0, lastName: 1, email: 2, groups: [3] });
  expect(people(rows)).toEqual(as(lines, { first: 0, last: 1, email: 2 }));
  expect(rows[1]).toMatchObject({ firstName: "Björn", lastName: "Öztürk" });
  expect(rows.map(({ groupNames }) => groupNames)).toEqual(
    lines.map((cells) => (cells[3] ?? "").split(",").filter(Boolean)),
  );
  expect(clean(rows)).toHaveLength(30);
});

test("excel-unicode-text-utf16.txt", async () => {
  const file = await sample("excel-unicode-text-utf16.txt");
  const { mapping, problems, rows } = await checkFile(file);
  const lines = await linesOf("excel-unicode-text-utf16.txt", { encoding: "utf-16", delimiter: "\t" });
  expect(recognise(file)).toMatchObject({ encoding: "utf-16le", delimiter: "\t" });
  expect(problems).toEqual([]);
  expect(mapping).toMatchObject({ kind: "invite", firstName: 0, lastName: 1, email: 2, groups: [3] });
  expect(people(rows)).toEqual(as(lines, { first: 0, last: 1, email: 2 }));
  expect(rows.map(({ groupNames }) => groupNames)).toEqual(
    lines.map((cells) => (cells[3] ?? "").split(";").filter(Boolean)),
  );
  expect(clean(rows)).toHaveLength(40);
});

test("full-name-and-department.csv", async () => {
  const { mapping, problems, rows } = await checkFile(await sample("full-name-and-department.csv"));
  expect(problems).toEqual([]);
  expect(mapping).toMatchObject({ kind: "invite", fullName: 0, email: 1, groups: [] });
  expect(mapping.ignored).toEqual([
    { column: 2, header: "Department", candidate: "groups" },
    { column: 3, header: "Start date" },
  ]);
  // The same forty people as in the Google file, whose names have a column each.
  const lines = await linesOf("google-workspace-upload.csv");
  expect(people(rows).map(([first, last, email]) => [first, last, email?.toLowerCase()])).toEqual(
    as(lines, { first: 0, last: 1, email: 2 }),
  );
  expect(rows[0]?.email).toBe("AMARA.ADEYEMI@NORTHWIND.EXAMPLE");
  expect(clean(rows)).toHaveLength(40);
});

describe("messy.csv", () => {
  const messy = async () => {
    const { rows } = await checkFile(await sample("messy.csv"), {
      groups: ["Staff", "Sales", "Engineering"],
    });
    return new Map(rows.map((row) => [row.rowNo, row]));
  };
  const ready = { problems: [] };
  const problem = (column: string, code: string, read: string) => ({ problems: [{ column, code, read }] });

  test("rows as the spreadsheet shows them, the blank one left out", async () => {
    expect([...(await messy()).keys()]).toEqual([...range(2, 6), ...range(8, 25)]);
  });

  test.each([
    [2, { ...ready, firstName: "Anna", lastName: "Berg", groupNames: ["Staff"], notes: [] }],
    [
      3,
      {
        ...ready,
        firstName: "Bela",
        lastName: "Nagy",
        email: "bela.nagy@northwind.example",
        groupNames: ["Staff", "Sales"],
      },
    ],
    [4, { ...ready, email: "CARLA.CONTI@Northwind.Example", emailKey: "carla.conti@northwind.example" }],
    [5, { ...ready, email: "Anna.Berg@northwind.example", emailKey: "anna.berg@northwind.example" }],
    [6, problem("LAST NAME", "required", "")],
    [8, problem("E-mail", "no_domain_ending", "eva.ek@northwind")],
    [9, problem("E-mail", "space_inside", "finn falk@northwind.example")],
    [10, problem("E-mail", "two_at", "gus@@northwind.example")],
    [11, problem("E-mail", "several_addresses", "hal@northwind.example,hal2@northwind.example")],
    [12, { ...ready, groupNames: ["Enginering"] }],
    [13, { ...ready, firstName: 'Jon "JJ"' }],
    [14, { ...ready, firstName: "Kim", notes: [] }],
    [
      15,
      {
        ...ready,
        email: "lia@northwind.example",
        notes: [{ column: "E-mail", message: "Zero-width space removed." }],
      },
    ],
    [
      16,
      {
        ...ready,
        email: "mo@northwind.example",
        notes: [{ column: "E-mail", message: "No-break space removed." }],
      },
    ],
    [17, { ...ready, firstName: '=HYPERLINK("http://evil.example")', notes: [] }],
    [18, { ...ready, email: "ned@northwind.example", notes: [{ code: "angle_brackets_removed" }] }],
    [19, { ...ready, email: "ola@northwind.example", notes: [{ code: "display_name_removed" }] }],
    [20, { ...ready, groupNames: ["staff"] }],
    [
      21,
      {
        problems: [
          { column: "First Name ", code: "too_long", message: expect.stringContaining("at most 100 fit") },
        ],
      },
    ],
    [22, { ...ready, email: "rui@münchen.example", emailKey: "rui@xn--mnchen-3ya.example" }],
    [23, { ...ready, groupNames: ["Staff"] }],
    [24, { ...ready, groupNames: [] }],
    [
      25,
      {
        email: "una@northwind.example",
        problems: [{ code: "too_many_cells", message: expect.stringContaining("7 cells") }],
      },
    ],
  ])("row %i", async (rowNo, expected) => {
    expect((await messy()).get(rowNo)).toMatchObject(expected);
  });
});
