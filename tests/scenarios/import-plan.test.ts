import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { applyImport, checkFiles, fileOf, importIn, press, rowsOfImport } from "#tests/support/run-import.ts";
import { tenantForEach } from "#tests/support/tenant-for-each.ts";
import { workbook } from "#tests/support/workbook.ts";

const { installation, tenant, owner } = tenantForEach();
beforeAll(() => installation.startJobs());

type Listed = { items: { id: string; firstName: string; lastName: string; groups: { name: string }[] }[] };

const makeGroup = async (name: string, active = true) =>
  (await owner.call<{ id: string }>("POST", "/groups", { name, active })).body.id;
const person = async (email: string) =>
  (await owner.call<Listed>("GET", `/users?search=${email}`)).body.items[0];
const describePerson = async (email: string) => {
  const found = await person(email);
  return found && [found.firstName, found.lastName, found.groups.map((group) => group.name).sort()];
};
const choose = async (id: string, choice: object) => {
  const answer = await owner.call<Import>("PATCH", `/imports/${id}`, choice);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const audit = (action: string) =>
  installation.database.query("select from audit_events where tenant_id = $1 and action = $2", [
    tenant.id,
    action,
  ]);

const first =
  "First name,Last name,Email,Groups\nAnna,Berg,anna@northwind.example,Staff\nBela,Cruz,bela@northwind.example,Staff; Sales\nCara,Diaz,cara@northwind.example,\n";

async function imported(content = first) {
  const { id } = await checkFiles(owner, fileOf(content));
  return applyImport(owner, id);
}

describe("people who are users already", () => {
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
    expect((await rowsOfImport(owner, id))[0]?.changes).toEqual([
      { field: "groups", old: "", new: "+Night" },
    ]);
    expect(await describePerson("dora@")).toBeUndefined();
    expect((await applyImport(owner, id)).counts).toMatchObject({ updated: 1, invited: 1 });
  });
});

describe("the plan", () => {
  test("the same file in the same tenant is the same plan; a stale one is refused", async () => {
    const one = await checkFiles(owner, fileOf(first));
    const other = await checkFiles(owner, fileOf(first));
    expect(one.planHash).toBe(other.planHash);
    const changed = await choose(one.id, { createMissingGroups: true });
    expect(changed.planHash).not.toBe(one.planHash);
    const stale = await owner.call("POST", `/imports/${one.id}/apply`, { planHash: one.planHash });
    expect(shortly(stale)).toBe("409 import.plan_changed");
  });

  test("all or nothing: one problem stops everybody", async () => {
    const { id } = await checkFiles(owner, fileOf(`${first}Nemo,,nemo@northwind.example,\n`));
    await choose(id, { allOrNothing: true, createMissingGroups: true });
    expect(shortly(await press(owner, id))).toBe("409 import.rows_have_problems");
    await choose(id, { allOrNothing: false });
    expect((await applyImport(owner, id)).counts).toMatchObject({ invited: 3, problem: 1 });
  });

  test("all or nothing: a file that cannot be read stops the others", async () => {
    const { id } = await checkFiles(owner, fileOf(first), fileOf("Email\n", "empty.csv"));
    await choose(id, { createMissingGroups: true, allOrNothing: true });
    const refused = await press(owner, id);
    expect(shortly(refused)).toBe("409 import.rows_have_problems");
    expect(refused.body).toMatchObject({ detail: expect.stringContaining("empty.csv") });
    await choose(id, { allOrNothing: false });
    expect((await press(owner, id)).status).toBe(202);
  });

  test("the seat belt stops what should not happen by accident, until it is confirmed", async () => {
    await owner.call("PUT", "/import-safety", { changedPercent: 0, emails: 2, newGroups: 1, version: 0 });
    expect(await audit("tenant.import_safety_changed")).toHaveLength(1);
    const admin = await tenant.person("administrator");
    const { id } = await checkFiles(owner, fileOf(`${first}New,Name,${admin.email},\n`));
    const plan = await choose(id, { existing: "add_groups", createMissingGroups: true });
    expect(plan.seatBelt?.reasons.map((reason) => reason.code)).toEqual([
      "administrators",
      "many_emails",
      "new_groups",
    ]);
    const { planHash } = plan;
    expect(shortly(await owner.call("POST", `/imports/${id}/apply`, { planHash }))).toBe(
      "409 import.confirmation_needed",
    );
    expect(shortly(await owner.call("POST", `/imports/${id}/apply`, { planHash, confirmation: "yes" }))).toBe(
      "409 import.confirmation_needed",
    );
    expect(await describePerson("anna@")).toBeUndefined();
    expect((await applyImport(owner, id)).counts).toMatchObject({ invited: 3, updated: 1 });
  });

  test("a mail domain nobody here has is noticed once there are users to compare with", async () => {
    const rows = Array.from({ length: 12 }, (_, n) => `F,L,p${n}@northwind.example`).join("\n");
    await imported(`First name,Last name,Email\n${rows}\n`);
    const { seatBelt } = await checkFiles(
      owner,
      fileOf("First name,Last name,Email\nF,L,x@n0rthwind.example\n"),
    );
    expect(seatBelt?.reasons).toEqual([
      { code: "new_domains", message: expect.stringContaining("n0rthwind.example") },
    ]);
  });

  test("a name in the file can stand for another group; inactive groups are flagged", async () => {
    const staff = await makeGroup("Staff");
    await makeGroup("Sales", false);
    const { id, unknownGroups } = await checkFiles(owner, fileOf(first.replaceAll("Staff", "Staf")));
    expect(unknownGroups).toEqual([{ name: "Staf", rows: 2, nearest: { id: staff, name: "Staff" } }]);
    const mapped = await choose(id, { groups: [{ name: "Staf", groupId: staff }] });
    expect(mapped).toMatchObject({
      toApply: 3,
      unknownGroups: [],
      chosenGroups: [{ name: "Staf", group: { id: staff, name: "Staff" } }],
      inactiveGroups: [{ name: "Sales", rows: 1 }],
    });
    const back = await choose(id, { groups: [{ name: "Staf", groupId: null }] });
    expect(back).toMatchObject({ toApply: 1, chosenGroups: [] });
    await choose(id, { groups: [{ name: "Staf", groupId: staff }] });
    await applyImport(owner, id);
    expect(await describePerson("anna@")).toEqual(["Anna", "Berg", ["Staff"]]);
  });

  test("what a name stood for is what the result and the report say, and what the file said", async () => {
    const staff = await makeGroup("Staff");
    const content = "First name,Last name,Email,Groups\nAnna,Berg,anna@northwind.example,Staf; STAFF\n";
    const { id } = await checkFiles(owner, fileOf(content));
    await choose(id, { groups: [{ name: "Staf", groupId: staff }] });
    const shown = {
      groups: ["Staff"],
      renamedGroups: [{ read: "Staf", name: "Staff" }],
      groupCell: "Staf; STAFF",
    };
    expect(await rowsOfImport(owner, id)).toMatchObject([shown]);
    await applyImport(owner, id);
    expect(await rowsOfImport(owner, id)).toMatchObject([shown]);
    const report = await owner.call<string>("GET", `/imports/${id}/report.csv`);
    expect(report.body).toContain(",Staff (in the file: Staf),invited,");
  });

  test("why Import CSV would do nothing is said beforehand, and in the same words when it is pressed", async () => {
    await makeGroup("Staff");
    const { id, obstacle } = await checkFiles(
      owner,
      fileOf(
        "First name,Last name,Email,Groups\nNemo,,nemo@northwind.example,\nUna,Ek,una@northwind.example,Night\n",
      ),
    );
    expect(obstacle).toEqual({
      reason: "nobody_ready",
      message:
        "There is nothing to import. 1 row has a problem: mend it. 1 row waits for a group that does not exist.",
    });
    expect((await press(owner, id)).body).toMatchObject({ detail: obstacle?.message });
    expect(await choose(id, { createMissingGroups: true })).toMatchObject({ toApply: 1, obstacle: null });
    expect(await choose(id, { allOrNothing: true })).toMatchObject({
      obstacle: { reason: "rows_have_problems", message: expect.stringContaining("1 row has a problem") },
    });
  });
});

describe("a file read otherwise", () => {
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
