import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkFile, checkWorkbook } from "#tests/support/import-file.ts";
import { peopleTables, type Table } from "#tests/support/people-tables.ts";
import { holds } from "#tests/support/property.ts";
import {
  plainly,
  writeInlineWorkbook,
  writeSharedWorkbook,
  writeTable,
  writings,
} from "#tests/support/write-table.ts";

const groups = ["Staff", "Sales", "Sales, North"];

/** Everything that is made of a file: its columns, and every row with what is wrong with it. */
const plan = (file: Uint8Array, pieces?: number) =>
  checkFile(file, { groups, ...(pieces !== undefined && { pieces }) });
const workbookPlan = (file: Uint8Array) => checkWorkbook(file, { groups });
const plainPlan = (table: Table) => plan(writeTable(table, plainly));

describe("the same table is the same plan", () => {
  test("whatever program wrote it: encoding, mark, delimiter, quotes, line ends", () =>
    holds(
      fc.asyncProperty(
        peopleTables(),
        writings,
        fc.constantFrom(1, 7, 64, 1000, undefined),
        async (table, writing, pieces) => {
          expect(await plan(writeTable(table, writing), pieces)).toEqual(await plainPlan(table));
        },
      ),
      300,
    ));

  test("as a workbook with its texts in the cells", () =>
    holds(
      fc.asyncProperty(peopleTables(), async (table) => {
        expect(await workbookPlan(await writeInlineWorkbook(table))).toEqual(await plainPlan(table));
      }),
      12,
    ));

  test("as a workbook with a list of texts", () =>
    holds(
      fc.asyncProperty(peopleTables(), async (table) => {
        expect(await workbookPlan(await writeSharedWorkbook(table))).toEqual(await plainPlan(table));
      }),
      12,
    ));
});

describe("found so", () => {
  const people = (headers: string[], ...rows: string[][]) => ({ headers, rows });

  test("a first heading `PK` is no zip archive", async () => {
    const table = people(["PK", "First name", "Last name", "Email"], ["7", "Anna", "Berg", "a@x.example"]);
    expect((await plainPlan(table)).rows).toMatchObject([{ email: "a@x.example", problems: [] }]);
  });

  test("a CR in a cell is there again in a workbook that Muster wrote", async () => {
    const table = people(["First name", "Last name", "Email"], ["Anna", "Be\rrg", "a@x.example"]);
    const { rows } = await workbookPlan(await writeInlineWorkbook(table));
    expect(rows).toMatchObject([{ problems: [{ code: "line_break", read: "Be\rrg" }] }]);
  });

  test("empty cells at the end of a sheet's row are empty, not missing: a password is generated", async () => {
    const table = people(
      ["First name", "Last name", "Email", "Password", "Groups"],
      ["Anna", "Berg", "a@x.example", "", ""],
      ["", "Berg", "b@x.example", "quiet river stone", ""],
    );
    expect((await workbookPlan(await writeSharedWorkbook(table))).rows).toMatchObject([
      { email: "a@x.example", generatePassword: true, problems: [] },
      { email: "b@x.example", problems: [{ column: "First name", code: "required" }] },
    ]);
  });
});

/** First name, last name, address, groups, password and language, as the languages and the programs call them. */
const spellings = [
  ["First name", "Last name", "Email", "Groups", "Password", "Language"],
  ["first_name", "last_name", "email_address", "group", "initial_password", "preferred_language"],
  ["FIRST-NAME", "LAST-NAME", "E-MAIL", "GROUPS", "PASSWORD", "LANGUAGE"],
  [
    "First Name [Required]",
    "Last Name [Required]",
    "Email Address [Required]",
    "Groups (optional)",
    "Password [Required]",
    "Language (optional)",
  ],
  [
    "First name [givenName]",
    "Last name [surname]",
    "User name [userPrincipalName] Required",
    "Member of",
    "Initial password [passwordProfile] Required",
    "Preferred language [preferredLanguage]",
  ],
  ["firstname", "lastname", "email", "cohort1", "password", "lang"],
  [
    "Given Name",
    "Family Name",
    "E-mail 1 - Value",
    "Group names",
    "Temporary password",
    "Language of e-mails",
  ],
  ["firstName", "lastName", "login", "groups", "pwd", "locale"],
  ["Vorname", "Nachname", "E-Mail-Adresse", "Gruppen", "Kennwort", "Sprache"],
  ["Vorname", "Name", "E-Mail (dienstlich)", "Gruppe", "Passwort", "Korrespondenzsprache"],
  ["Prénom", "Nom", "Adresse e-mail", "Groupes", "Mot de passe", "Langue"],
  ["Nombre", "Apellidos", "Correo electrónico", "Grupos", "Contraseña", "Idioma"],
  ["Nome", "Cognome", "Indirizzo e-mail", "Gruppi", "Password", "Lingua"],
  ["Primeiro nome", "Apelido", "Endereço de e-mail", "Grupo", "Palavra-passe", "Idioma do e-mail"],
  ["Voornaam", "Achternaam", "E-mailadres", "Groepen", "Wachtwoord", "Taal"],
  ["Imię", "Nazwisko", "Adres e-mail", "Grupy", "Hasło", "Język"],
] as const;
const canonical = ["First name", "Last name", "Email", "Groups", "Password", "Language"];
const decorations: ((header: string) => string)[] = [
  (header) => header,
  (header) => header.toUpperCase(),
  (header) => ` ${header} `,
  (header) => `${header} *`,
  (header) => `${header}:`,
  (header) => `${header} (required)`,
  (header) => header.replaceAll(" ", "\u00a0"),
  (header) => header.normalize("NFD"),
];

/** A plan without how its columns are called and where they stand. */
async function peopleOf(table: Table, names: ReadonlyMap<string, string>) {
  const { mapping, problems, rows } = await plainPlan(table);
  const called = <T extends { column: string }>(found: T) => ({
    ...found,
    column: names.get(found.column) ?? found.column,
  });
  return {
    kind: mapping.kind,
    problems,
    rows: rows.map((row) => ({ ...row, problems: row.problems.map(called), notes: row.notes.map(called) })),
  };
}

test("headings of any language and spelling, in any order, mean the same people", () =>
  holds(
    fc.asyncProperty(
      peopleTables({ among: ["Groups", "Password", "Language", "Notes", "Phone, private"], onOneLine: true }),
      fc.constantFrom(...spellings),
      fc.constantFrom(...decorations),
      fc.infiniteStream(fc.nat()),
      async (table, spelling, decorate, order) => {
        const spelt = (header: string) => {
          const word = spelling[canonical.indexOf(header)];
          return word === undefined ? header : decorate(word);
        };
        const places = table.headers
          .map((_, column) => ({ column, key: order.next().value as number }))
          .sort((one, other) => one.key - other.key)
          .map(({ column }) => column);
        const arranged = (cells: string[]) => places.map((column) => cells[column] ?? "");
        const other = { headers: arranged(table.headers).map(spelt), rows: table.rows.map(arranged) };
        const names = new Map(table.headers.map((header) => [spelt(header), header]));
        expect(await peopleOf(other, names)).toEqual(await peopleOf(table, new Map()));
      },
    ),
    300,
  ));
