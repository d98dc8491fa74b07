import { describe, expect, test } from "vitest";
import { applyColumnChoice } from "./apply-column-choice.ts";
import { checkMapping } from "./check-mapping.ts";
import { recogniseColumns } from "./recognise-columns.ts";
import type { ColumnMapping } from "./types.ts";

const read = (line: string) => recogniseColumns(line.split(","));
const codes = (line: string) => read(line).problems.map(({ code }) => code);

/** What is used of a file, without what is not. */
function mapped(line: string): Partial<ColumnMapping> {
  const { headers, ignored, ...used } = read(line).mapping;
  expect(headers).toEqual(line.split(","));
  expect(ignored.every(({ header, column }) => headers[column] === header)).toBe(true);
  return used;
}

describe("spellings", () => {
  const plain = { kind: "invite", firstName: 0, lastName: 1, email: 2, groups: [3] };
  test.each([
    "First name,Last name,Email,Groups",
    "first_name,last_name,email_address,group",
    "firstName,lastName,email,groups",
    "FIRST-NAME,LAST-NAME,E-MAIL,GROUPS",
    "First Name [Required],Last Name [Required],Email Address [Required],Groups (optional)",
    "First Name ,LAST NAME,E-mail,Groups",
    "\u200bFirst\u00a0name,Last name:,Email *,Group names",
    "First name Required,Last name (as in passport),Email*,Groups",
    "Given name,Surname,Mail,Member of",
    "Given Name,Family Name,E-mail 1 - Value,Groups",
    "Vorname,Nachname,E-Mail-Adresse,Gruppen",
    "Vorname,Name,E-Mail,Gruppe",
    "Vorname,Familienname,Mailadresse,Gruppen",
    "Prénom,Nom,Adresse e-mail,Groupes",
    "Prénom,Nom de famille,Courriel,Groupe",
    "Nombre,Apellidos,Correo electrónico,Grupos",
    "Nome,Cognome,Indirizzo e-mail,Gruppi",
    "Nome,Sobrenome,E-mail,Grupos",
    "Primeiro nome,Apelido,Endereço de e-mail,Grupo",
    "Voornaam,Achternaam,E-mailadres,Groepen",
    "Imię,Nazwisko,Adres e-mail,Grupy",
  ])("%s", (line) => {
    expect(mapped(line)).toEqual(plain);
    expect(codes(line)).toEqual([]);
  });

  test.each([
    "Password",
    "Passwort",
    "Kennwort",
    "Initial password [passwordProfile] Required",
    "Mot de passe",
    "Contraseña",
    "Senha",
    "Wachtwoord",
    "Hasło",
  ])("a column %s means create", (header) => {
    expect(mapped(`First name,Last name,Email,${header}`)).toMatchObject({ kind: "create", password: 3 });
  });

  test("any order", () => {
    expect(mapped("Groups,Email,Password,Last name,First name")).toEqual({
      kind: "create",
      firstName: 4,
      lastName: 3,
      email: 1,
      password: 2,
      groups: [0],
    });
  });
});

describe("groups", () => {
  const head = "First name,Last name,Email";
  test.each([
    "Gruppe(n)",
    "Gruppenzugehörigkeit",
    "Mitglied von",
    "Groupe(s) d'utilisateurs",
    "Nom du groupe",
    "Grupo(s)",
    "Grupos de usuarios",
    "Gruppi di utenti",
    "Groep(en)",
    "Lid van",
    "Grupa",
    "Grupy użytkowników",
    "Gruppe / Team",
    "Gruppen oder Abteilungen",
  ])("a column %s is taken", (header) => {
    expect(mapped(`${head},${header}`)).toMatchObject({ groups: [3] });
  });

  test.each([
    "Department",
    "Teams",
    "Abteilung",
    "Abteilungen",
    "Team",
    "Service",
    "Département(s)",
    "Service/Département",
    "Équipe",
    "Departamento",
    "Área",
    "Equipo",
    "Reparto",
    "Reparti",
    "Ufficio",
    "Setor",
    "Afdeling(en)",
    "Ploeg",
    "Dział",
    "Zespół",
  ])("a column %s may be groups: it is offered", (header) => {
    expect(mapped(`${head},${header}`)).toMatchObject({ groups: [] });
    expect(read(`${head},${header}`).mapping.ignored).toEqual([{ column: 3, header, candidate: "groups" }]);
  });

  test.each(["Manager/Team", "Group & email", "Phone"])("a column %s is neither", (header) => {
    expect(read(`${head},${header}`).mapping).toMatchObject({ groups: [], ignored: [{ column: 3, header }] });
    expect(read(`${head},${header}`).mapping.ignored[0]).not.toHaveProperty("candidate");
  });

  test("are offered still to whoever corrects another column, until some are chosen", () => {
    const headers = [...head.split(","), "Abteilung", "Team"];
    const offered = (...uses: ("groups" | null)[]) =>
      applyColumnChoice(headers, ["firstName", "lastName", "email", ...uses])
        .mapping.ignored.filter(({ candidate }) => candidate)
        .map(({ header }) => header);
    expect(offered(null, null)).toEqual(["Abteilung", "Team"]);
    expect(offered("groups", null)).toEqual([]);
  });
});

test("a language, the one somebody prefers first; several of them stop no file", () => {
  expect(mapped("login,firstName,lastName,locale,preferredLanguage")).toMatchObject({ language: 4 });
  const two = read("First name,Last name,Email,Sprache,Language");
  expect(two).toMatchObject({ mapping: { language: 3 }, problems: [] });
  expect(two.mapping.ignored).toMatchObject([{ column: 4, header: "Language" }]);
  expect(mapped("First name,Last name,Email,Muttersprache")).not.toHaveProperty("language");
});

describe("the files people have", () => {
  test("Google Workspace", () => {
    const line =
      "First Name [Required],Last Name [Required],Email Address [Required],Password [Required]," +
      "Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Recovery Email," +
      "Home Secondary Email,Work Secondary Email,Manager Email,Department,Change Password at Next Sign-In," +
      "New Status [UPLOAD ONLY]";
    expect(mapped(line)).toEqual({
      kind: "create",
      firstName: 0,
      lastName: 1,
      email: 2,
      password: 3,
      passwordHash: 4,
      groups: [],
      blocked: { column: 13, reads: "status" },
    });
    expect(read(line).mapping.ignored.filter(({ candidate }) => candidate)).toEqual([
      { column: 5, header: "Org Unit Path [Required]", candidate: "groups" },
      { column: 11, header: "Department", candidate: "groups" },
    ]);
  });

  test("Entra ID, in English whatever the portal's language writes before the brackets", () => {
    const line =
      "Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required," +
      "Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname],Department [department]";
    expect(mapped(line)).toEqual({
      kind: "create",
      firstName: 4,
      lastName: 5,
      email: 1,
      password: 2,
      groups: [],
      blocked: { column: 3, reads: "blocked" },
    });
    expect(mapped("Nome utente [userPrincipalName],Meno [givenName],Priezvisko [surname]")).toEqual({
      kind: "invite",
      firstName: 1,
      lastName: 2,
      email: 0,
      groups: [],
    });
  });

  test("Entra ID invitations have no names: said once, with a way on", () => {
    const line =
      "Email address to invite [inviteeEmail] Required,Redirection url [inviteRedirectURL] Required";
    expect(read(line).mapping).toMatchObject({ kind: "invite", email: 0 });
    expect(read(line).problems).toMatchObject([
      {
        code: "no_names",
        message: expect.stringMatching(
          /^This file has no names. The headings read are `Email address to invite/,
        ),
        headers: line.split(","),
        ways: ["map_columns", "names_from_address"],
      },
    ]);
    expect(checkMapping({ ...read(line).mapping, namesFromAddress: true })).toEqual([]);
  });

  test("Moodle: the address and not the username; cohorts are groups, groups inside courses are not", () => {
    expect(mapped("username,password,firstname,lastname,email,cohort1,cohort2,suspended")).toEqual({
      kind: "create",
      firstName: 2,
      lastName: 3,
      email: 4,
      password: 1,
      groups: [5, 6],
      blocked: { column: 7, reads: "blocked" },
    });
    expect(mapped("username,firstname,lastname,email,course1,group1,cohort1")).toMatchObject({ groups: [6] });
    expect(mapped("firstname,lastname,email,group1,group2")).toMatchObject({ groups: [3, 4] });
  });

  test("Canvas", () => {
    expect(
      mapped(
        "user_id,integration_id,login_id,password,ssha_password,first_name,last_name,full_name,sortable_name,email,status",
      ),
    ).toEqual({
      kind: "create",
      firstName: 5,
      lastName: 6,
      email: 9,
      password: 3,
      passwordHash: 4,
      groups: [],
      blocked: { column: 10, reads: "status" },
    });
  });

  test("Okta", () => {
    expect(
      mapped("login,firstName,lastName,middleName,email,title,displayName,secondEmail,department,managerId"),
    ).toEqual({
      kind: "invite",
      firstName: 1,
      lastName: 2,
      email: 4,
      groups: [],
    });
  });

  test("Outlook contacts", () => {
    expect(
      mapped(
        "First Name,Middle Name,Last Name,Title,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Company",
      ),
    ).toEqual({ kind: "invite", firstName: 0, lastName: 2, email: 4, groups: [] });
  });
});

describe("names", () => {
  test.each([
    ["Name,Email", { fullName: 0 }],
    ["Full name,Work e-mail,Department", { fullName: 0 }],
    ["Display name,Email", { fullName: 0 }],
    ["Nom,Email", { fullName: 0 }],
    ["Full name,First name,Last name,Email", { firstName: 1, lastName: 2 }],
    ["Full name,First name,Email", { fullName: 0 }],
    ["Name,Vorname,E-Mail", { firstName: 1, lastName: 0 }],
    ["Name,Last name,Email", { firstName: 0, lastName: 1 }],
  ])("%s", (line, names) => {
    const { firstName, lastName, fullName } = read(line).mapping;
    expect({ firstName, lastName, fullName }).toEqual({
      firstName: undefined,
      lastName: undefined,
      fullName: undefined,
      ...names,
    });
    expect(codes(line)).toEqual([]);
  });
});

describe("what stands in the way of a file", () => {
  test.each([
    ["First name,Last name,Phone", ["no_email_column"]],
    ["A,B,C", ["no_email_column", "no_names"]],
    ["First name,Email", ["no_names"]],
    ["First name,Last name,Email,E-mail address", ["two_columns"]],
    ["First name,Last name,Work email,Primary email", ["two_columns"]],
    ["First name,Last name,Email,Email", ["duplicate_header"]],
    ["First name,First name,Last name,Email", ["duplicate_header"]],
    ["First name,Vorname,Last name,Email", ["two_columns"]],
    ["First name,Last name,Email,Password,Kennwort", ["two_columns"]],
    ["First name,Last name,Email,Notes,Notes", []],
    ["First name,Last name,Email,Username,Login", []],
    ["First name,Last name,Username", []],
  ])("%s: %j", (line, expected) => {
    expect(codes(line)).toEqual(expected);
  });

  test("is said with the headings that were read and a way on", () => {
    const [problem] = read("A,B,C,D,E,F,G,H,I,J").problems;
    expect(problem?.message).toBe(
      "No column of this file is recognised as the email address. The headings read are " +
        "`A`, `B`, `C`, `D`, `E`, `F`, `G`, `H` and 2 more. Say which column holds the addresses, or head it Email and choose the file again.",
    );
    expect(problem?.ways).toEqual(["map_columns"]);
    expect(read("First name,Email").problems[0]?.message).toMatch(/a column for the first name only/);
  });

  test("a corrected mapping is checked alike", () => {
    const { mapping } = read("A,B");
    expect(checkMapping({ ...mapping, email: 0, fullName: 1 })).toEqual([]);
  });
});

test("headings of a hostile length take no time", () => {
  const headers = Array.from({ length: 500 }, () => `${"[(".repeat(50_000)}Email${" ".repeat(50_000)}`);
  const start = performance.now();
  recogniseColumns(headers);
  expect(performance.now() - start).toBeLessThan(2000);
});
