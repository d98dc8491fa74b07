import { describe, expect, test } from "vitest";
import { checkFile } from "#tests/support/import-file.ts";
import { checkRow } from "./check-row.ts";
import { recogniseColumns } from "./recognise-columns.ts";
import type { ColumnMapping, RowProblem } from "./types.ts";

const invite = recogniseColumns(["First name", "Last name", "Email", "Groups"]).mapping;
const create = recogniseColumns(["First name", "Last name", "Email", "Password", "Groups"]).mapping;
const known = new Set(["staff", "sales", "sales, north"]);

const check = (cells: string[], mapping: ColumnMapping = invite) =>
  checkRow({ rowNo: 2, cells }, mapping, (key) => known.has(key));
const where = (problems: RowProblem[]) => problems.map(({ column, code }) => `${column}: ${code}`);
const person = ["Anna", "Berg", "anna.berg@northwind.example"];

test("a good row", () => {
  expect(check([...person, "Staff; Sales"])).toEqual({
    rowNo: 2,
    email: "anna.berg@northwind.example",
    emailKey: "anna.berg@northwind.example",
    firstName: "Anna",
    lastName: "Berg",
    groupNames: ["Staff", "Sales"],
    groupKeys: ["staff", "sales"],
    groupParts: ["Staff", "Sales"],
    suspended: false,
    problems: [],
    notes: [],
  });
});

test("everything that is wrong is listed, with what was read", () => {
  const { problems } = check(["", "Q".repeat(101), "gus@@x", `a\u0001b;${"g".repeat(101)}`]);
  expect(where(problems)).toEqual([
    "Email: two_at",
    "First name: required",
    "Last name: too_long",
    "Groups: control_character",
    "Groups: too_long",
  ]);
  expect(problems[0]).toMatchObject({ read: "gus@@x", message: "`gus@@x` has more than one @. Keep one." });
});

test("what was mended is noted at its column", () => {
  const { notes, firstName, email, groupNames } = check([
    "An\u200bna",
    "Berg",
    "<anna@x.example>",
    "Staff\u00a0;\u200bSales",
  ]);
  expect({ firstName, email, groupNames }).toEqual({
    firstName: "Anna",
    email: "anna@x.example",
    groupNames: ["Staff", "Sales"],
  });
  expect(notes.map(({ column, code }) => `${column}: ${code}`)).toEqual([
    "Email: angle_brackets_removed",
    "First name: zero_width_removed",
    "Groups: zero_width_removed",
  ]);
});

test("what is stored is always storable", () => {
  const row = check(["A\0", "B\ud800", `c\0@${"x".repeat(5000)}`, "g\0"]);
  expect(JSON.stringify(row)).not.toMatch(/\\u0000|\\ud800/);
  expect(JSON.stringify(row).length).toBeLessThan(3000);
});

describe("groups", () => {
  test.each([
    ["Staff", ["Staff"]],
    ["Staff;Sales", ["Staff", "Sales"]],
    [" Staff ; ; sales;", ["Staff", "sales"]],
    ["Staff;staff;STAFF", ["Staff"]],
    ["Staff,Sales", ["Staff", "Sales"]],
    ["Sales, North", ["Sales, North"]],
    ["SALES,  NORTH", ["SALES, NORTH"]],
    ["Staff, Sales, North", ["Staff", "Sales, North"]],
    ["Sales, North, Staff, Warehouse", ["Sales, North", "Staff", "Warehouse"]],
    ["Ito, Kyoto; Staff", ["Ito, Kyoto", "Staff"]],
    ["Unknown, Other", ["Unknown", "Other"]],
    ["", []],
    [" ; ", []],
    ["'=Group", ["=Group"]],
  ])("%j is %j", (cell, groups) => {
    const { groupNames, problems } = check([...person, cell]);
    expect({ groupNames, problems }).toEqual({ groupNames: groups, problems: [] });
  });

  test("of several columns", () => {
    const moodle = recogniseColumns(["firstname", "lastname", "email", "cohort1", "cohort2"]).mapping;
    expect(check([...person, "Staff", "staff"], moodle).groupNames).toEqual(["Staff"]);
    expect(check([...person, "Staff"], moodle)).toMatchObject({
      groupNames: ["Staff"],
      groupParts: ["Staff"],
    });
  });

  test("a cell of a hundred thousand groups is refused, and quickly", () => {
    const start = performance.now();
    expect(where(check([...person, "a,".repeat(100_000)]).problems)).toEqual(["Groups: too_many_groups"]);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("the language of emails", () => {
  const { mapping } = recogniseColumns(["First name", "Last name", "Email", "Language"]);
  const language = (cell: string) => check([...person, cell], mapping);

  test.each([
    ["", ""],
    ["  ", ""],
    ["en", "en"],
    ["EN-us", "en"],
    ["de_AT.UTF-8", "de"],
    ["es-419", "es"],
    ["English (United Kingdom)", "en"],
    ["German", "de"],
    ["Deutsch", "de"],
    ["alemán", "de"],
    ["Allemand", "de"],
    ["tedesco", "de"],
    ["Duits", "de"],
    ["Alemão", "de"],
    ["niemiecki", "de"],
    ["Español", "es"],
    ["SPANISCH", "es"],
    ["anglais", "en"],
  ])("%j is %j", (cell, code) => {
    expect(language(cell)).toMatchObject({ language: code, problems: [], notes: [] });
  });

  test.each(["fr", "Klingon", "den", "e", "d".repeat(100_000)])(
    "%.9s is none, which stops nobody",
    (cell) => {
      const row = language(cell);
      expect(row).not.toHaveProperty("language");
      expect(row).toMatchObject({ problems: [], notes: [{ column: "Language", code: "unknown_language" }] });
    },
  );

  test("what was read is said, unless the file has passwords: it may be one", () => {
    const withPasswords = recogniseColumns([...create.headers, "Language"]).mapping;
    const [said] = language("Klingon").notes;
    expect(said?.message).toMatch(
      /^`Klingon` is no language that emails are written in \(English, Deutsch, /,
    );
    const { notes } = check([...person, "quiet river stone", "", "quiet"], withPasswords);
    expect(notes).toMatchObject([{ code: "unknown_language", message: expect.not.stringMatching(/quiet/) }]);
  });
});

describe("passwords", () => {
  const withPassword = (password: string, mapping = create) => check([...person, password, "Staff"], mapping);

  test("are taken as they stand in the file", () => {
    for (const password of ["xkCUde7MgA?2", "'=abc-12345", "-start-with-minus", 'with "quotes" 12']) {
      expect(withPassword(password)).toMatchObject({ password, problems: [], notes: [] });
    }
  });

  test("spaces around them are a slip of the keyboard", () => {
    expect(withPassword(" xkCUde7MgA?2 ")).toMatchObject({
      password: "xkCUde7MgA?2",
      notes: [{ code: "spaces_removed" }],
    });
  });

  test.each(["", " \u00a0"])("%j is none: one is generated, which is said", (password) => {
    const row = withPassword(password);
    expect(row).toMatchObject({ generatePassword: true, problems: [] });
    expect(row.notes.map((one) => one.code)).toContain("password_generated");
    expect(row).not.toHaveProperty("password");
  });

  test.each([
    ["tiny-1", "bad_password"],
    ["anna.berg-123", "bad_password"],
    ["Password123", "bad_password"],
  ])("%j is refused and never repeated", (password, code) => {
    const row = withPassword(password);
    expect(where(row.problems)).toEqual([`Password: ${code}`]);
    expect(row).not.toHaveProperty("password");
    expect(row.problems[0]?.read).toBe("");
    if (password.trim()) expect(JSON.stringify(row.problems)).not.toContain(password);
  });

  test("are left alone in a file that is switched to invite", () => {
    const row = withPassword("tiny-1", { ...create, kind: "invite" });
    expect(row.problems).toEqual([]);
    expect(row).not.toHaveProperty("password");
  });

  test("a hash is no password", () => {
    const google = recogniseColumns([
      "First name",
      "Last name",
      "Email",
      "Password",
      "Password Hash Function [UPLOAD ONLY]",
    ]).mapping;
    expect(where(check([...person, "5f4dcc3b5aa765d61d8327deb882cf99", "MD5"], google).problems)).toEqual([
      "Password Hash Function [UPLOAD ONLY]: password_is_hash",
    ]);
    expect(check([...person, "xkCUde7MgA?2", " "], google)).toMatchObject({
      password: "xkCUde7MgA?2",
      problems: [],
    });
  });

  test("are nowhere in a row whose values were shifted or swallowed", async () => {
    const header = "First name,Last name,Email,Password,Groups\n";
    const files = [
      "Anna,Berg,anna@x.example,hush-hush,1234,Staff,more\n",
      "Anna,Berg, Dr.,anna@x.example,hush-hush-1234,Staff\n",
      '"Anna,Berg,anna@x.example,hush-hush-1234,Staff\n"Bela",Nagy,bela@x.example,hush-hush-5678,Staff\n',
      '"Anna,Berg,anna@x.example,hush-hush-1234,Staff\nBela",Nagy,bela@x.example,hush-hush-5678,Staff\n',
      'Anna,Berg,"anna@x.example,hush-hush-1234,Staff\nBela,Nagy,bela@x.example",hush-hush-5678,Staff\n',
    ];
    for (const file of files) {
      const { rows } = await checkFile(header + file);
      expect(rows).toHaveLength(1);
      expect(rows[0]?.problems).toHaveLength(1);
      expect(JSON.stringify(rows), file).not.toMatch(/hush|1234|5678/);
    }
  });
});

describe("who must not get in", () => {
  const headers = (header: string) => recogniseColumns(["First name", "Last name", "Email", header]).mapping;
  test.each([
    ["Block sign in (Yes/No)", "Yes", true],
    ["Block sign in (Yes/No)", "No", false],
    ["Block sign in (Yes/No)", "", false],
    ["Block sign in (Yes/No)", "TRUE", true],
    ["Gesperrt", "ja", true],
    ["suspended", "1", true],
    ["suspended", "0", false],
    ["Account enabled", "false", true],
    ["Account enabled", "True", false],
    ["Active", "no", true],
    ["status", "active", false],
    ["status", "suspended", true],
    ["New Status [UPLOAD ONLY]", "Archived", true],
    ["status", "", false],
  ])("%s: %s", (header, cell, suspended) => {
    expect(check([...person, cell], headers(header))).toMatchObject({ suspended, problems: [] });
  });

  test("people deleted elsewhere, and what cannot be understood, are problems", () => {
    expect(where(check([...person, "deleted"], headers("status")).problems)).toEqual([
      "status: marked_deleted",
    ]);
    expect(where(check([...person, "yes"], headers("deleted")).problems)).toEqual([
      "deleted: marked_deleted",
    ]);
    expect(check([...person, "perhaps"], headers("status")).problems).toMatchObject([
      {
        column: "status",
        code: "unknown_status",
        read: "perhaps",
        message: expect.stringMatching(/`perhaps` does not say/),
      },
    ]);
  });
});

describe("names", () => {
  const full = recogniseColumns(["Name", "Email"]).mapping;
  const addressOnly = { ...recogniseColumns(["Email"]).mapping, namesFromAddress: true };

  test("of one column", () => {
    expect(check(["van den  Berg, Ilse", "i@x.example"], full)).toMatchObject({
      firstName: "Ilse",
      lastName: "van den Berg",
      problems: [],
    });
    expect(where(check(["Madonna", "m@x.example"], full).problems)).toEqual(["Name: name_not_split"]);
    expect(where(check(["", "m@x.example"], full).problems)).toEqual(["Name: required"]);
    expect(where(check([`${"Q".repeat(101)} Long`, "m@x.example"], full).problems)).toEqual([
      "Name: too_long",
    ]);
  });

  test("from the address", () => {
    expect(check(["amara.van-den_berg2+x@x.example"], addressOnly)).toMatchObject({
      firstName: "Amara",
      lastName: "Van-Den Berg",
      problems: [],
    });
    expect(where(check(["info@x.example"], addressOnly).problems)).toEqual(["Email: no_name_in_address"]);
  });
});

test("a neutralised formula comes back as it was", () => {
  expect(check(["'=HYPERLINK(1)", "'-", ...person.slice(2)])).toMatchObject({
    firstName: "=HYPERLINK(1)",
    lastName: "-",
    problems: [],
  });
});
