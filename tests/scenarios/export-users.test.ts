import { buffer, text } from "node:stream/consumers";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkGroupName, groupNameKey } from "#server/features/groups/group-name.ts";
import type { Import } from "#server/features/imports/contract.ts";
import { openWorkbook } from "#server/features/imports/reading/open-workbook.ts";
import { importTemplate } from "#server/features/imports/reading/templates.ts";
import { checkPersonName } from "#server/features/users/person-name.ts";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import { type AddedPerson, addPeople } from "#tests/support/add-people.ts";
import { shortly } from "#tests/support/at-once.ts";
import { cellsOf, inPieces } from "#tests/support/import-file.ts";
import { troublesomeText } from "#tests/support/people-tables.ts";
import { holds } from "#tests/support/property.ts";
import { applyImport, checkFiles, fileOf, press, rowsOfImport } from "#tests/support/run-import.ts";
import { peopleStates } from "#tests/support/state-of-people.ts";
import { testTenant } from "#tests/support/tenant.ts";
import { tenantForEach } from "#tests/support/tenant-for-each.ts";
import { until } from "#tests/support/until.ts";

const { installation, tenant, nextTenant } = tenantForEach();
beforeAll(() => installation.startJobs());

const formats = ["csv", "xlsx"] as const;
type Format = (typeof formats)[number];

/** Everybody, or whom the filter in the address leaves; or who is selected. */
async function exported(format: Format, query = "", selection?: object): Promise<Buffer> {
  const response = await installation.http.inject({
    url: `/api/v1/t/${tenant.slug}/users.${format}${query}`,
    headers: { cookie: tenant.owner.cookie },
    ...(selection && { method: "POST", payload: { selection } }),
  });
  expect(response.statusCode).toBe(200);
  expect(response.headers["content-disposition"]).toBe(`attachment; filename="users.${format}"`);
  return response.rawPayload;
}

/** The cells as they stand in a file, before an import makes anything of them. */
async function tableOf(file: Buffer, format: Format): Promise<string[][]> {
  if (format === "csv") return [headersOf(file), ...(await cellsOf(file))];
  const { rows, close } = await openWorkbook(inPieces(file));
  const read = await buffer(rows());
  await close();
  return [headersOf(read), ...(await cellsOf(read))];
}
const headersOf = (csv: Buffer) =>
  csv
    .toString()
    .replace(/^\ufeff/, "")
    .split(/\r?\n/, 1)[0]
    ?.split(",") ?? [];

/** What a spreadsheet makes of it when cells have been changed and it is saved. */
async function saved(table: string[][], format: Format): Promise<Buffer> {
  if (format === "xlsx") return buffer(toXlsx(inOrder(table), "Users"));
  const quoted = table.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));
  return Buffer.from(`\ufeff${quoted.join("\r\n")}\r\n`);
}
async function* inOrder(table: string[][]) {
  yield* table;
}

const planned = async (file: Buffer, format: Format, existing: Import["existing"]) => {
  const { id } = await checkFiles(tenant.owner, fileOf(file, `users.${format}`));
  return (await tenant.owner.call<Import>("PATCH", `/imports/${id}`, { existing })).body;
};

/** What there is of each outcome. */
const outcomes = ({ counts }: Import) =>
  Object.fromEntries(Object.entries(counts).filter(([, rows]) => rows > 0));

/** Everything that is kept of people, to the letter, and what is said of it. */
async function everything() {
  const rows = (sql: string) =>
    installation.database.query(`select t::text from ${sql} t where tenant_id = $1 order by 1`, [tenant.id]);
  const events = await installation.database.query(
    "select id from audit_events where tenant_id = $1 and action not like 'import.%' and action <> 'users.exported' order by 1",
    [tenant.id],
  );
  return [
    await rows("users"),
    await rows("memberships"),
    await rows("groups"),
    await rows("messages"),
    await rows("links"),
    await rows("credentials"),
    events,
  ];
}

/** Nothing moves any more by itself. */
const allSent = async () =>
  (
    await installation.database.query(
      "select from messages where tenant_id = $1 and state not in ('accepted', 'withdrawn')",
      [tenant.id],
    )
  ).length === 0;

const at = (name: string) => `${name}@northwind.example`;
const awkward: AddedPerson[] = [
  { firstName: 'Ann "Annie"', lastName: "O'Connor", email: at("quotes"), groups: ["Staff", 'The "A" team'] },
  { firstName: "=1+1", lastName: "+49", email: at("formula"), groups: ["=Group", "Staff"] },
  { firstName: "-", lastName: "@home", email: "=x+y@northwind.example", groups: ["-Night"] },
  { firstName: "'=1+1", lastName: "''+2", email: "'+z@northwind.example", groups: ["'@Door"] },
  { firstName: "'tis", lastName: "'", email: at("apostrophe") },
  { firstName: "Zoë", lastName: "Müller-Lüdenscheidt", email: "zoë@münchen.example", groups: ["Größe"] },
  { firstName: "陳 大文", lastName: "Łukasz ẞ", email: at("scripts"), groups: ["営業部"] },
  { firstName: "Martin, Jr.", lastName: "King; Esq.", email: at("separators"), groups: ["Sales, North"] },
  {
    firstName: "a|b",
    lastName: "1e3",
    email: at("numbers"),
    groups: ["Sales, North", "Sales", "North", "007"],
  },
  {
    firstName: "_x0041_",
    lastName: "<b>&amp;</b>",
    email: at("markup"),
    groups: ["<i>", "a/b\\c"],
    language: "de",
  },
  { firstName: "TRUE", lastName: "2026-01-02", email: at("typed"), language: "es" },
  { firstName: "Adam", lastName: "Admin", email: at("admin"), role: "administrator", groups: ["Staff"] },
  { firstName: "Olga", lastName: "Other", email: at("owner"), role: "owner", groups: ["Staff"] },
  { firstName: "Sven", lastName: "Suspended", email: at("suspended"), groups: ["Staff"] },
];
/** And the owner of the test's tenant. */
const everybody = awkward.length + 1;

const idOf = async (email: string) =>
  (
    await installation.database.query<{ id: string }>(
      "select id from users where tenant_id = $1 and email = $2",
      [tenant.id, email],
    )
  )[0]?.id ?? "";

describe.each(formats)("users.%s", (format) => {
  beforeEach(async () => {
    const groups = await addPeople(tenant, awkward, ["Unused"]);
    await tenant.owner.call("POST", `/users/${await idOf(at("suspended"))}/suspend`);
    await tenant.owner.call("PATCH", `/groups/${groups.get("Größe")}`, { version: 1, active: false });
    await until(allSent, "every invitation to be on record");
  });

  test.each(["add_groups", "replace_groups"] as const)(
    "imported again (%s) it changes nobody, and says so",
    async (existing) => {
      const file = await exported(format);
      const before = await everything();
      const plan = await planned(file, format, existing);
      expect(outcomes(plan)).toEqual({ unchanged: everybody });
      expect(plan).toMatchObject({ toApply: 0, emails: 0, warnings: 0, unknownGroups: [], seatBelt: null });
      for (const row of await rowsOfImport(tenant.owner, plan.id))
        expect(row).toMatchObject({ problems: [], warnings: [], changes: [] });
      const refused = await press(tenant.owner, plan.id);
      expect(shortly(refused)).toBe("409 import.nothing_to_import");
      expect(refused.body).toMatchObject({ detail: expect.stringContaining("exactly as the file says") });
      expect(await everything()).toEqual(before);
    },
  );

  test("five changed cells are five changes, and five people changed", async () => {
    const table = await tableOf(await exported(format), format);
    const cell = (email: string, column: number, change: (cell: string) => string) => {
      const row = table.find((cells) => cells[2] === email);
      if (!row) throw new Error(`${email} is not in the export.`);
      row[column] = change(row[column] ?? "");
    };
    cell(at("quotes"), 0, () => "Anne");
    cell(at("separators"), 1, () => "King");
    cell(at("numbers"), 3, (groups) => groups.replace("; Sales, North", ""));
    cell(at("markup"), 4, (language) => language.replace("Deutsch", "Spanish"));
    cell(at("typed"), 4, (language) => language.replace("Español", ""));
    const before = await peopleStates(installation.database, tenant.id);
    const others = await everything();

    const plan = await planned(await saved(table, format), format, "replace_groups");
    expect(outcomes(plan)).toEqual({ update: 5, unchanged: everybody - 5 });
    const rows = await rowsOfImport(tenant.owner, plan.id);
    expect(rows.flatMap((row) => row.changes.map((change) => ({ email: row.email, ...change })))).toEqual([
      { email: at("quotes"), field: "firstName", old: 'Ann "Annie"', new: "Anne" },
      { email: at("separators"), field: "lastName", old: "King; Esq.", new: "King" },
      { email: at("numbers"), field: "groups", old: "", new: "−Sales, North" },
      { email: at("markup"), field: "language", old: "Deutsch", new: "Español" },
      { email: at("typed"), field: "language", old: "Español", new: "" },
    ]);
    expect(outcomes(await applyImport(tenant.owner, plan.id))).toEqual({
      updated: 5,
      unchanged: everybody - 5,
    });
    const after = new Map(
      (await peopleStates(installation.database, tenant.id)).map((person) => [person.email_key, person]),
    );
    const changed = before.filter((person) => after.get(person.email_key) !== undefined);
    const differing = changed.filter(
      (person) => JSON.stringify(person) !== JSON.stringify(after.get(person.email_key)),
    );
    expect(differing.map((person) => person.email_key).sort()).toEqual(
      [at("numbers"), at("quotes"), at("separators"), at("markup"), at("typed")].sort(),
    );
    expect(after.get(at("quotes"))).toMatchObject({ first_name: "Anne", last_name: "O'Connor" });
    expect(after.get(at("separators"))).toMatchObject({ last_name: "King", groups: ["Sales, North"] });
    expect(after.get(at("numbers"))?.groups).toEqual(["007", "North", "Sales"]);
    expect([at("markup"), at("typed")].map((email) => after.get(email)?.language)).toEqual(["es", null]);
    // Nobody hears of it, and nothing else is another.
    expect((await everything()).slice(2, 6)).toEqual(others.slice(2, 6));
  });

  test("the columns are those of the template, and those behind them are no riddle to the importer", async () => {
    const [headers] = await tableOf(await exported(format), format);
    const template = importTemplate("invite")
      .trim()
      .replace(/^\ufeff/, "")
      .split(",");
    expect(headers).toEqual([
      ...template,
      "Status",
      "Portal role",
      "Created",
      "Last sign-in",
      "Second factor",
    ]);
    const { files } = await planned(await exported(format), format, "add_groups");
    expect(files[0]?.recognised?.notes).toEqual([]);
    expect(files[0]?.recognised?.columns.map(({ use, groupCandidate }) => [use, groupCandidate])).toEqual([
      ["firstName", false],
      ["lastName", false],
      ["email", false],
      ["groups", false],
      ["language", false],
      ["blocked", false],
      ...Array.from({ length: 4 }, () => [null, false]),
    ]);
  });

  test("in another tenant it makes the same people and groups; whoever was suspended is made suspended", async () => {
    const file = await exported(format);
    const before = await peopleStates(installation.database, tenant.id);
    await nextTenant();
    const plan = await planned(file, format, "skip");
    await tenant.owner.call("PATCH", `/imports/${plan.id}`, { createMissingGroups: true });
    expect((await applyImport(tenant.owner, plan.id)).counts).toMatchObject({ suspended: 1, problem: 0 });
    const shape = (people: typeof before) =>
      people.map(({ email_key, first_name, last_name, language, groups }) => [
        email_key,
        first_name,
        last_name,
        language,
        groups,
      ]);
    const now = shape(await peopleStates(installation.database, tenant.id));
    // As members: a role is never imported.
    for (const person of shape(before)) expect(now).toContainEqual(person);
  });

  test("what the list's filter shows is what is exported, and who exported how many is on record", async () => {
    const emails = async (query: string) =>
      (await tableOf(await exported(format, query), format)).slice(1).map((cells) => cells[2]);
    expect(await emails("?status=suspended")).toEqual([at("suspended")]);
    expect(await emails("?search=king")).toEqual([at("separators")]);
    const group = (await tenant.owner.call<{ items: { id: string }[] }>("GET", "/groups?search=Sales,")).body
      .items[0]?.id;
    expect(await emails(`?groupId=${group}&status=invited`)).toEqual([at("separators"), at("numbers")]);
    expect(await emails("?role=administrator&createdFrom=2020-01-01T00:00:00Z")).toEqual([at("admin")]);
    const events = await installation.database.query(
      "select actor_id, target_kind, details from audit_events where tenant_id = $1 and action = 'users.exported' order by id",
      [tenant.id],
    );
    expect(events).toEqual(
      [
        { users: 1, format, status: "suspended" },
        { users: 1, format, search: true },
        { users: 2, format, groupId: group, status: "invited" },
        { users: 1, format, role: "administrator", createdFrom: "2020-01-01T00:00:00.000Z" },
      ].map((details) => ({ actor_id: tenant.owner.id, target_kind: "tenant", details })),
    );
  });
});

test.each(formats)("users.%s of exactly those who are ticked, on record like any other", async (format) => {
  await addPeople(tenant, awkward);
  const stranger = (await testTenant(installation)).owner.id;
  const emails = async (selection: object) =>
    (await tableOf(await exported(format, "", selection), format)).slice(1).map((cells) => cells[2]);
  const [quotes, scripts, gone] = [
    await idOf(at("quotes")),
    await idOf(at("scripts")),
    await idOf(at("typed")),
  ];
  await tenant.owner.call("DELETE", `/users/${gone}`);
  expect(await emails({ ids: [scripts, quotes, quotes, gone, stranger] })).toEqual([
    at("quotes"),
    at("scripts"),
  ]);
  expect(await emails({ filter: { role: "owner" }, excluded: [tenant.owner.id, scripts] })).toEqual([
    at("owner"),
  ]);
  expect(await emails({ filter: { role: "administrator" } })).toEqual([at("admin")]);
  const events = await installation.database.query(
    "select actor_id, details from audit_events where tenant_id = $1 and action = 'users.exported' order by id",
    [tenant.id],
  );
  expect(events).toEqual(
    [
      { users: 2, format, oneByOne: true },
      { users: 1, format, role: "owner", excluded: 2 },
      { users: 1, format, role: "administrator" },
    ].map((details) => ({ actor_id: tenant.owner.id, details })),
  );
});

test("nothing in the CSV calculates, whatever opens it", async () => {
  await addPeople(tenant, awkward);
  const cells = (await tableOf(await exported("csv"), "csv")).flat();
  expect(cells.filter((cell) => /^\s*[=+\-@\t\r]/.test(cell))).toEqual([]);
  expect(cells).toContain("'=1+1");
  expect(cells).toContain("''=1+1");
});

test("more people than a page are there once each, in the order in which they were added", async () => {
  const many = Array.from({ length: 4003 }, (_, n) => ({
    firstName: "Pat",
    lastName: `Person ${(n * 7919) % 4003}`,
    email: at(`p${n}`),
  }));
  await addPeople(tenant, many);
  const rows = await tableOf(await exported("csv"), "csv");
  expect(rows.slice(2).map((cells) => cells[2])).toEqual(many.map((person) => person.email));
  // So many ids fit into no address.
  const ids = await installation.database.query<{ id: string }>(
    "select id from users where tenant_id = $1 and role = 'member' order by id",
    [tenant.id],
  );
  const ticked = ids.filter((_, n) => n % 4 > 0).map(({ id }) => id);
  const some = await tableOf(await exported("csv", "", { ids: ticked }), "csv");
  expect(some.slice(1).map((cells) => cells[2])).toEqual(
    many.filter((_, n) => n % 4 > 0).map((person) => person.email),
  );
  const others = await tableOf(await exported("csv", "", { filter: {}, excluded: ticked }), "csv");
  expect(others.length - 1).toBe(1 + many.length - ticked.length);
});

test("an owner's row that says something else is left out, and says why", async () => {
  await addPeople(tenant, [{ firstName: "Olga", lastName: "Other", email: at("owner"), role: "owner" }]);
  const csv = (await text(inPieces(await exported("csv")))).replace("Olga", "Olgha");
  const plan = await planned(Buffer.from(csv), "csv", "replace_groups");
  expect(outcomes(plan)).toEqual({ existing: 1, unchanged: 1 });
  const waiting = await planned(
    Buffer.from(
      csv.replace("Olgha,Other,owner@northwind.example,", "Olga,Other,owner@northwind.example,Nowhere"),
    ),
    "csv",
    "add_groups",
  );
  expect(outcomes(waiting)).toEqual({ existing: 1, unchanged: 1 });
});

const line = (check: (text: string) => string | undefined) =>
  troublesomeText(6)
    .map(check)
    .filter((text) => text !== undefined);
const personName = line((text) => {
  const checked = checkPersonName(text, "First name");
  return checked.ok ? checked.name : undefined;
});
const groupName = line((text) => {
  const checked = checkGroupName(text);
  return checked.ok ? checked.name : undefined;
});
const groupNames = fc.uniqueArray(groupName, { maxLength: 5, selector: groupNameKey });

test("whoever there is, and in whatever groups: exported and imported they are as they were", async () => {
  const people = groupNames.chain((names) =>
    fc
      .array(fc.record({ firstName: personName, lastName: personName, groups: fc.subarray(names) }), {
        minLength: 1,
        maxLength: 30,
      })
      .map((list) => list.map((person, n): AddedPerson => ({ ...person, email: at(`p${n}`) }))),
  );
  const how = fc.tuple(
    people,
    fc.constantFrom(...formats),
    fc.constantFrom("add_groups" as const, "replace_groups" as const),
  );
  await holds(
    fc.asyncProperty(how, async ([list, format, existing]) => {
      await nextTenant();
      await addPeople(tenant, list);
      const plan = await planned(await exported(format), format, existing);
      expect(outcomes(plan)).toEqual({ unchanged: list.length + 1 });
      expect(plan.warnings).toBe(0);
    }),
    10,
  );
}, 120_000);
