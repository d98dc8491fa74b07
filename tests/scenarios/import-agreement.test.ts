import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Import, ImportRow, UndoPlan } from "#server/features/imports/contract.ts";
import { applyImport, checkFiles, fileOf, importIn, press, rowsOfImport } from "#tests/support/run-import.ts";
import type { TestPerson } from "#tests/support/tenant.ts";
import { tenantForEach } from "#tests/support/tenant-for-each.ts";

const { installation, tenant, owner } = tenantForEach();
beforeAll(() => installation.startJobs());

type Listed = {
  items: {
    id: string;
    firstName: string;
    lastName: string;
    status: string;
    version: number;
    groups: { name: string }[];
  }[];
};
const person = async (email: string) =>
  (await owner.call<Listed>("GET", `/users?search=${email}`)).body.items[0];
const makeGroup = async (name: string) =>
  (await owner.call<{ id: string }>("POST", "/groups", { name })).body.id;
const choose = async (who: TestPerson, id: string, choice: object) => {
  const answer = await who.call<Import>("PATCH", `/imports/${id}`, choice);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const applying = (who: TestPerson, id: string, plan: Import) =>
  who.call("POST", `/imports/${id}/apply`, {
    planHash: plan.planHash,
    ...(plan.seatBelt && { confirmation: plan.seatBelt.phrase }),
  });
const describePerson = async (email: string) => {
  const found = await person(email);
  return found && [found.firstName, found.lastName, found.groups.map((group) => group.name).sort()];
};
const header = "First name,Last name,Email,Groups\n";
const changedPlan = { status: 409, body: { code: "import.plan_changed" } };

describe("what was looked at is what is done", () => {
  test("another group behind a name of the file is another plan", async () => {
    const [one, other] = [await makeGroup("Reception"), await makeGroup("Board")];
    const { id } = await checkFiles(owner, fileOf(`${header}Anna,Berg,anna@northwind.example,Front desk\n`));
    const seen = await choose(owner, id, { groups: [{ name: "Front desk", groupId: one }] });
    await choose(await tenant.person("administrator"), id, {
      groups: [{ name: "Front desk", groupId: other }],
    });
    expect(await applying(owner, id, seen)).toMatchObject(changedPlan);
  });

  test("a group that took over the name of another since the plan is looked at first", async () => {
    const old = await makeGroup("Staff");
    const { id } = await checkFiles(owner, fileOf(`${header}Anna,Berg,anna@northwind.example,Staff\n`));
    expect((await owner.call("PATCH", `/groups/${old}`, { version: 1, name: "Old staff" })).status).toBe(200);
    await makeGroup("Staff");
    expect(await applyImport(owner, id)).toMatchObject({ state: "checked" });
  });

  test("people invited instead of created are another plan", async () => {
    const { id, ...seen } = await checkFiles(
      owner,
      fileOf("First name,Last name,Email,Password\nAnna,Berg,anna@northwind.example,quiet river stone\n"),
    );
    await owner.call("PATCH", `/imports/${id}/files/1`, { kind: "invite" });
    await importIn(owner, id, "checked");
    expect(await applying(owner, id, seen as Import)).toMatchObject(changedPlan);
  });

  test("the seat belt counts people who are changed once the missing groups are made", async () => {
    const administrator = await tenant.person("administrator");
    const { id } = await checkFiles(
      owner,
      fileOf(`${header}Mallory,Changed,${administrator.email},New\nOlga,Other,${owner.email},New\n`),
    );
    const plan = await choose(administrator, id, { existing: "add_groups", createMissingGroups: true });
    expect(plan.seatBelt?.reasons.map(({ code }) => code)).toContain("administrators");
    const mine = await checkFiles(administrator, fileOf(`${header}My,Self,${administrator.email},New\n`));
    const own = await choose(administrator, mine.id, { existing: "add_groups", createMissingGroups: true });
    expect(own.seatBelt?.reasons.map(({ code }) => code)).toContain("yourself");
  });

  test("nobody changes people above them by an import that somebody above them began", async () => {
    const helper = await tenant.person("user_administrator");
    const administrator = await tenant.person("administrator");
    const { id } = await checkFiles(owner, fileOf(`${header}Anna,Berg,anna@northwind.example,\n`));
    await choose(helper, id, { existing: "add_groups" });
    await helper.call("PATCH", `/imports/${id}/rows/1/2`, {
      email: administrator.email,
      firstName: "Mallory",
    });
    expect(await press(helper, id)).toMatchObject({
      status: 403,
      body: { code: "user.not_yours_to_change" },
    });
    expect((await person(administrator.email))?.firstName).toBe("Test");
    expect(await press(owner, id)).toMatchObject({ status: 202 });
    await importIn(owner, id, "finished");
    expect((await person(administrator.email))?.firstName).toBe("Mallory");
  });
});

test("a row above somebody that waits for a group is neither done nor in the way", async () => {
  const helper = await tenant.person("user_administrator");
  const administrator = await tenant.person("administrator");
  const content = `${header}Anna,Berg,anna@northwind.example,\nMallory,Changed,${administrator.email},New\n`;
  const { id } = await checkFiles(owner, fileOf(content));
  await choose(helper, id, { existing: "add_groups" });
  expect(await press(helper, id)).toMatchObject({ status: 202 });
  await importIn(owner, id, "finished");
  const plan = await helper.call<UndoPlan>("GET", `/imports/${id}/undo`);
  const undone = await helper.call("POST", `/imports/${id}/undo`, { planHash: plan.body.hash });
  expect(undone.status).toBe(202);
  expect((await person(administrator.email))?.firstName).toBe("Test");
});

describe("rows corrected in place", () => {
  const bad =
    "First name,Last name,Email,Password,Groups\nAnna,,anna@northwind.example,quiet river stone,Staff\nBela,Cruz,bela@northwind,quiet river stone,\nCara,Diaz,cara@northwind.example,quiet river stone,\nDora,Diaz,cara@northwind.example,quiet river stone,\n";
  const edit = async (id: string, rowNo: number, values: object) => {
    const answer = await owner.call<{ row: ImportRow; import: Import }>(
      "PATCH",
      `/imports/${id}/rows/1/${rowNo}`,
      values,
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };

  test("only that row is checked again, its password kept, its place in the plan found anew", async () => {
    await makeGroup("Staff");
    const { id, counts } = await checkFiles(owner, fileOf(bad));
    expect(counts).toMatchObject({ problem: 2, ready: 1, duplicate: 1 });
    const [anna, bela] = await rowsOfImport(owner, id);
    expect(anna?.problems).toMatchObject([{ column: "Last name", field: "lastName", code: "required" }]);
    expect(bela?.problems).toMatchObject([{ column: "Email", field: "email", read: "bela@northwind" }]);

    const mended = await edit(id, 2, { lastName: "Berg" });
    expect(mended.row).toMatchObject({
      outcome: "ready",
      groups: ["Staff"],
      problems: [],
      hasPassword: true,
    });
    expect(mended.import.counts).toMatchObject({ problem: 1, ready: 2 });
    expect((await edit(id, 3, { email: "bela @northwind.example" })).row.outcome).toBe("problem");
    expect((await edit(id, 3, { email: "cara@northwind.example" })).import.counts).toMatchObject({
      ready: 2,
      duplicate: 2,
    });
    // The first of the three goes elsewhere: the next one is no duplicate any more.
    const moved = await edit(id, 3, { email: "bela@northwind.example", groups: "Staff; Unknown" });
    expect(moved.row).toMatchObject({ outcome: "unknown_group", groups: ["Staff", "Unknown"] });
    expect((await edit(id, 5, { email: "dora@northwind.example" })).import.counts).toMatchObject({
      ready: 3,
      duplicate: 0,
    });
    expect((await edit(id, 3, { groups: "Staff" })).row.outcome).toBe("ready");

    expect((await applyImport(owner, id)).counts).toMatchObject({ created: 4 });
    expect(await describePerson("anna@")).toEqual(["Anna", "Berg", ["Staff"]]);
    expect(
      await installation.database.query("select from import_edits where tenant_id = $1", [tenant.id]),
    ).toEqual([]);
  });

  test("what was typed stays when the file is read again in another way, and nothing of it is readable at rest", async () => {
    const { id } = await checkFiles(owner, fileOf(bad));
    await edit(id, 2, { lastName: "Berg", password: "an orange umbrella" });
    expect(JSON.stringify(await installation.database.query("select * from import_edits", []))).not.toContain(
      "umbrella",
    );
    await owner.call("PATCH", `/imports/${id}/files/1`, { kind: "invite" });
    const again = await importIn(owner, id, "checked");
    expect(again.files[0]?.kind).toBe("invite");
    expect((await rowsOfImport(owner, id))[0]).toMatchObject({ outcome: "unknown_group", lastName: "Berg" });
  });

  test("the problem rows come home in the template's columns, and mended they finish the import", async () => {
    await makeGroup("Staff");
    const { id } = await checkFiles(owner, fileOf(bad));
    await applyImport(owner, id);
    const { body: home } = await owner.call<string>("GET", `/imports/${id}/problem-rows.csv`);
    expect(home).toMatch(
      /^\ufeffFirst name,Last name,Email,Password,Groups,Language,row,problem\r\nAnna,,anna@northwind.example,,Staff,,2,/,
    );
    expect(home).not.toContain("quiet river");
    const mended = home.replace("Anna,,", "Anna,Berg,").replace("bela@northwind,", "bela@northwind.example,");
    const next = await checkFiles(owner, fileOf(mended, "problem-rows.csv"));
    expect(next.counts).toMatchObject({ ready: 2, problem: 0 });
    expect((await applyImport(owner, next.id)).counts).toMatchObject({ created: 2 });
    const twice = await checkFiles(owner, fileOf(mended, "problem-rows.csv"));
    expect(twice.counts).toMatchObject({ existing: 2, ready: 0 });
  });

  test("a row with many groups keeps all of them when something else of it is mended", async () => {
    const names = Array.from({ length: 60 }, (_, n) => `A department with a long name ${n}`);
    const { id } = await checkFiles(
      owner,
      fileOf(`First name,Last name,Email,Groups\nAnna,,anna@northwind.example,${names.join("; ")}\n`),
    );
    const mended = await owner.call<{ row: ImportRow }>("PATCH", `/imports/${id}/rows/1/2`, {
      lastName: "Berg",
    });
    expect(mended.body.row.groups).toEqual(names);
  });

  test("groups stay those that were read, of several columns and with commas, when something else is mended", async () => {
    const department = (await owner.call<{ id: string }>("POST", "/groups", { name: "Sales, North" })).body
      .id;
    const rows = [
      // Two in one cell and one in the next; one that is known by its comma; one that `;` makes one; refused, but kept.
      ["Anna", "", "anna@northwind.example", '"Staff, Office"', "Choir"],
      ["Bela", "Berg", "bela@northwind.example", '"Sales, North"', ""],
      ["Cara", "Cruz", "cara@northwind.example", '"Ito, Kyoto;"', ""],
      ["Dora", "Diaz", "dora@northwind", '"Ito, Kyoto;"', `"Staff, ${"x".repeat(101)}"`],
      ["Ewa", "Engel", "ewa@northwind", '"Sales, North"', ""],
    ];
    const { id } = await checkFiles(
      owner,
      fileOf(`firstname,lastname,email,cohort1,cohort2\n${rows.map((row) => `${row.join(",")}\n`).join("")}`),
    );
    // What is no group any more does not become two others.
    expect((await owner.call("DELETE", `/groups/${department}`)).status).toBe(204);
    const mend = async (rowNo: number, values: object) => (await edit(id, rowNo, values)).row;
    expect((await mend(2, { lastName: "Berg" })).groups).toEqual(["Staff", "Office", "Choir"]);
    expect((await mend(3, { lastName: "Blum" })).groups).toEqual(["Sales, North"]);
    expect((await mend(4, { lastName: "Conti" })).groups).toEqual(["Ito, Kyoto"]);
    const dora = await mend(5, { email: "dora@northwind.example" });
    expect(dora).toMatchObject({ groups: ["Ito, Kyoto", "Staff"], outcome: "problem" });
    expect((await mend(5, { groups: dora.groupCell.replace(/x+/, "Choir") })).groups).toEqual([
      "Ito, Kyoto",
      "Staff",
      "Choir",
    ]);
    expect((await mend(6, { email: "ewa@northwind.example" })).groups).toEqual(["Sales, North"]);
    // Neither where the file is read again, which it is with what was typed.
    await owner.call("PATCH", `/imports/${id}/files/1`, { addGroups: ["Everybody"] });
    await importIn(owner, id, "checked");
    expect((await rowsOfImport(owner, id)).map((row) => row.groups)).toEqual([
      ["Staff", "Office", "Choir", "Everybody"],
      ["Sales", "North", "Everybody"],
      ["Ito, Kyoto", "Everybody"],
      ["Ito, Kyoto", "Staff", "Choir", "Everybody"],
      ["Sales", "North", "Everybody"],
    ]);
  });

  test("a row that is mended goes where everybody of its file goes, in place and by the problem rows", async () => {
    for (const name of ["Staff", "Everybody"]) await makeGroup(name);
    const { id } = await checkFiles(
      owner,
      fileOf(
        "First name,Last name,Email,Groups\nAnna,,anna@northwind.example,Staff\nBela,,bela@northwind.example,\n",
      ),
    );
    await owner.call("PATCH", `/imports/${id}/files/1`, { addGroups: ["Everybody"] });
    await importIn(owner, id, "checked");
    expect((await edit(id, 2, { lastName: "Berg" })).row.groups).toEqual(["Staff", "Everybody"]);
    expect((await edit(id, 2, { groups: "" })).row.groups).toEqual(["Everybody"]);
    const { body: home } = await owner.call<string>("GET", `/imports/${id}/problem-rows.csv`);
    expect(home).toContain("Bela,,bela@northwind.example,Everybody,,3,");
  });
});

describe("leavers", () => {
  const people = ["anna", "bela", "cara"];
  const row = (name: string, last = "Berg") => `${name},${last},${name}@northwind.example,\n`;
  const imported = async (content: string, ticked?: boolean, graceDays = 0) => {
    const { id } = await checkFiles(owner, fileOf(header + content));
    await choose(owner, id, { source: "Payroll", leaversGraceDays: graceDays });
    if (ticked) await owner.call("POST", `/imports/${id}/leavers`, { ticked });
    return id;
  };
  const statusOf = async (name: string) => (await person(`${name}@northwind.example`))?.status;
  beforeEach(async () => {
    await applyImport(owner, await imported(people.map((name) => row(name)).join("")));
  });

  test("whose address is typed into a row is missing no more", async () => {
    const id = await imported(row("anna") + row("bela") + row("caraa"), true);
    await owner.call("PATCH", `/imports/${id}/rows/1/4`, { email: "cara@northwind.example" });
    const { body } = await owner.call<Import>("GET", `/imports/${id}`);
    expect(body.leavers).toMatchObject({ missing: 0, ticked: 0 });
  });

  test("whose row has a problem is in the file all the same, and their days of grace end", async () => {
    await applyImport(owner, await imported(row("anna") + row("bela") + row("dora"), true, 30));
    const days = "select from import_leavers where tenant_id = $1 and suspend_at is not null";
    expect(await installation.database.query(days, [tenant.id])).toHaveLength(1);
    await applyImport(owner, await imported(row("eva") + row("cara", "")));
    expect(await installation.database.query(days, [tenant.id])).toHaveLength(0);
    expect(await statusOf("cara")).toBe("invited");
  });

  test("rows that may be about anybody who is missing are counted, until their address is mended", async () => {
    const id = await imported(row("anna") + row("bela").replace("bela@", "bela(at)") + row("cara", ""));
    const leavers = async () => (await owner.call<Import>("GET", `/imports/${id}`)).body.leavers;
    expect(await leavers()).toMatchObject({ missing: 1, unreadable: 1 });
    await owner.call("PATCH", `/imports/${id}/rows/1/3`, { email: "bela@northwind.example" });
    expect(await leavers()).toMatchObject({ missing: 0, unreadable: 0 });
  });

  test("nobody is missing as long as one of the files cannot be read", async () => {
    const file = fileOf(header + row("anna"));
    const { id, files } = await checkFiles(owner, file, fileOf(`${header}"Bela,Cruz\n`, "others.csv"));
    expect(files.map(({ problem }) => problem !== null)).toEqual([false, true]);
    expect((await choose(owner, id, { source: "Payroll" })).leavers).toMatchObject({ missing: 0 });
  });

  test("somebody suspended by hand since stays so when the import is undone", async () => {
    const id = await imported(row("anna") + row("bela") + row("dora"), true);
    await applyImport(owner, id);
    await expect.poll(() => statusOf("cara"), { timeout: 10_000 }).toBe("suspended");
    const cara = await person("cara@northwind.example");
    for (const what of ["reactivate", "suspend"]) {
      const { status, body } = await owner.call("POST", `/users/${cara?.id}/${what}`, {});
      expect(status, JSON.stringify(body)).toBeLessThan(300);
    }
    const plan = await owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
    expect(plan.body.reactivate).toBe(0);
    await owner.call("POST", `/imports/${id}/undo`, { planHash: plan.body.hash });
    await importIn(owner, id, "undone");
    expect(await statusOf("cara")).toBe("suspended");
  });
});

test("an import undone before its upload was wiped keeps nothing of it", async () => {
  const { id } = await checkFiles(owner, fileOf(`${header}Anna,Berg,anna@northwind.example,\n`));
  await applyImport(owner, id);
  await installation.database.query(
    "update imports set state = 'cancelled', wiped = false where tenant_id = $1 and id = $2",
    [tenant.id, id],
  );
  await installation.database.query(
    "update import_rows set sealed_password = 'sealed' where tenant_id = $1 and import_id = $2",
    [tenant.id, id],
  );
  const plan = await owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
  await owner.call("POST", `/imports/${id}/undo`, { planHash: plan.body.hash });
  await importIn(owner, id, "undone");
  const wiped = () =>
    installation.database.query("select from imports where tenant_id = $1 and id = $2 and wiped", [
      tenant.id,
      id,
    ]);
  await expect.poll(wiped, { timeout: 10_000 }).toHaveLength(1);
  expect(await rowsOfImport(owner, id)).toMatchObject([{ hasPassword: false }]);
});
