import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Import, ImportRow } from "#server/features/imports/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf, importIn, rowsOfImport } from "#tests/support/run-import.ts";
import { type TestPerson, testTenant } from "#tests/support/tenant.ts";

let installation: TestInstallation;
let owner: TestPerson;

beforeAll(async () => {
  installation = await testInstallation();
  await installation.startJobs();
});
afterAll(() => installation?.close());
beforeEach(async () => {
  owner = (await testTenant(installation)).owner;
});

type Edited = { row: ImportRow; import: Import };
const edit = async (id: string, rowNo: number, values: object) => {
  const answer = await owner.call<Edited>("PATCH", `/imports/${id}/rows/1/${rowNo}`, values);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.row;
};
const codes = (row: ImportRow | undefined) => row?.problems.map(({ code }) => code);
const readAgain = async (id: string, change: object) => {
  expect((await owner.call("PATCH", `/imports/${id}/files/1`, change)).status).toBe(202);
  return importIn(owner, id, "checked");
};
const statuses = async () => {
  type Listed = { items: { email: string; status: string }[] };
  const { body } = await owner.call<Listed>("GET", "/users?search=people.example");
  return Object.fromEntries(body.items.map(({ email, status }) => [email.split("@")[0], status]));
};

describe("a row mended in place", () => {
  test("stays left out until somebody says whether this person may sign in", async () => {
    const { id } = await checkFiles(
      owner,
      fileOf(
        "First name,Last name,Email,Status\n" +
          "Anna,,anna@people.example,on leave\nBela,,bela@people.example,deleted\n" +
          "Cara,,cara@people.example,suspended\nDora,Ek,dora@people.example,Staff,active\n",
      ),
    );
    // Another value of the row is no answer.
    const mended = [
      await edit(id, 2, { lastName: "Berg" }),
      await edit(id, 3, { lastName: "Cruz" }),
      await edit(id, 4, { lastName: "Diaz" }),
      await edit(id, 5, { firstName: "Dorothea" }),
    ];
    expect(mended.map(codes)).toEqual([["unknown_status"], ["marked_deleted"], [], ["status_not_read"]]);
    expect(mended.map(({ outcome }) => outcome)).toEqual(["problem", "problem", "ready", "problem"]);
    expect(mended[0]?.problems).toMatchObject([{ column: "Status", field: "status", read: "on leave" }]);

    expect(await edit(id, 2, { suspended: true })).toMatchObject({ outcome: "ready", suspended: true });
    expect(await edit(id, 3, { suspended: false })).toMatchObject({ outcome: "ready", suspended: false });
    expect(await edit(id, 4, { suspended: false })).toMatchObject({ outcome: "ready", suspended: false });
    // Read again, with what was typed: nothing of it is lost, and who was not answered for is left out still.
    const { counts } = await readAgain(id, { addGroups: [] });
    expect(counts).toMatchObject({ ready: 3, problem: 1 });
    const rows = await rowsOfImport(owner, id);
    expect(rows.map(({ suspended }) => suspended)).toEqual([true, false, false, false]);
    expect(codes(rows[3])).toEqual(["status_not_read"]);
    await edit(id, 5, { suspended: true });
    await applyImport(owner, id);
    expect(await statuses()).toEqual({
      anna: "suspended",
      bela: "invited",
      cara: "invited",
      dora: "suspended",
    });
  });

  test("a password that was refused is answered by another one, or by none, not by another value", async () => {
    const { id } = await checkFiles(
      owner,
      fileOf("First name,Last name,Email,Password\nAnna,,anna@people.example,short\n"),
    );
    const mended = await edit(id, 2, { lastName: "Berg" });
    expect([codes(mended), mended.hasPassword]).toEqual([["bad_password"], false]);
    await readAgain(id, { addGroups: [] });
    expect((await rowsOfImport(owner, id)).map(codes)).toEqual([["bad_password"]]);
    expect(await edit(id, 2, { password: "" })).toMatchObject({
      outcome: "ready",
      hasPassword: true,
      warnings: [{ field: "password" }],
    });
  });

  test("what nobody could know of it is kept however much else is wrong", async () => {
    const names = Array.from({ length: 20 }, () => "x".repeat(101)).join("; ");
    const { id } = await checkFiles(
      owner,
      fileOf(`First name,Last name,Email,Groups,Blocked\n,Berg,anna@people.example,${names},perhaps\n`),
    );
    expect(codes(await edit(id, 2, { firstName: "Anna", groups: "" }))).toEqual(["unknown_status"]);
  });
});

describe("a row with a wrong address and a group that does not exist", () => {
  const content =
    "First name,Last name,Email,Groups\nAnna,Berg,anna@people,Slaes\nBela,Cruz,bela@people,Slaes; Night\n";
  const said = /no domain ending.* There is no group `Slaes`. Did you mean `Sales`\?/;

  test("says both at once, counts once, and is a problem until both are mended", async () => {
    await owner.call("POST", "/groups", { name: "Sales" });
    const { id, counts } = await checkFiles(owner, fileOf(content));
    expect(counts).toMatchObject({ problem: 2, unknown_group: 0 });
    const [anna, bela] = await rowsOfImport(owner, id);
    expect(anna?.problems).toMatchObject([
      { field: "email", code: "no_domain_ending" },
      { field: "groups", code: "unknown_group", read: "Slaes", message: expect.stringContaining("`Sales`") },
    ]);
    expect(codes(bela)).toEqual(["no_domain_ending", "unknown_group", "unknown_group"]);

    const group = await edit(id, 2, { groups: "Sales" });
    expect([group.outcome, codes(group)]).toEqual(["problem", ["no_domain_ending"]]);
    const address = await edit(id, 3, { email: "bela@people.example" });
    expect([address.outcome, codes(address)]).toEqual(["unknown_group", ["unknown_group", "unknown_group"]]);
    expect(await edit(id, 2, { email: "anna@people.example" })).toMatchObject({
      outcome: "ready",
      problems: [],
    });
    expect(await edit(id, 3, { groups: "Sales" })).toMatchObject({ outcome: "ready", problems: [] });
  });

  test("goes home with both reasons, and says both in the report", async () => {
    await owner.call("POST", "/groups", { name: "Sales" });
    const { id } = await checkFiles(owner, fileOf(content));
    for (const file of ["problem-rows.csv", "report.csv"]) {
      const { body } = await owner.call<string>("GET", `/imports/${id}/${file}`);
      expect(body.split("\r\n")[1], file).toMatch(said);
      expect(body.split("\r\n")[2], file).toMatch(/There is no group `Night`/);
    }
  });

  test("wants only the address mended once the group it meant is named", async () => {
    const sales = await owner.call<{ id: string }>("POST", "/groups", { name: "Sales" });
    const { id } = await checkFiles(owner, fileOf(`${content}Cara,Diaz,cara@people.example,Slaes\n`));
    await owner.call("PATCH", `/imports/${id}`, { groups: [{ name: "Slaes", groupId: sales.body.id }] });
    expect((await rowsOfImport(owner, id)).map(codes)).toEqual([
      ["no_domain_ending"],
      ["no_domain_ending", "unknown_group"],
      [],
    ]);
  });
});

describe("the problem rows", () => {
  const download = async (id: string, query = "") =>
    owner.call<string>("GET", `/imports/${id}/problem-rows.csv${query}`);
  const kindsToMend = async (id: string) =>
    (await owner.call<Import>("GET", `/imports/${id}`)).body.problemKinds;
  const create =
    "First name,Last name,Email,Password,Account enabled\n" +
    "Anna,,anna@people.example,quiet river stone,no\nBela,,bela@people.example,quiet river stone,yes\n" +
    "Cara,,cara@people.example,quiet river stone,\nDora,,dora@people.example,quiet river stone,perhaps\n" +
    "Ewa,,ewa@people.example,quiet river stone,deleted\n";
  const invite = "First name,Last name,Email\nFred,,fred@people.example\nGus,,gus@people.example\n";

  test("come back as what they were: created or invited, suspended or not", async () => {
    const { id } = await checkFiles(owner, fileOf(create, "create.csv"), fileOf(invite, "invite.csv"));
    expect(await kindsToMend(id)).toEqual(["create", "invite"]);
    expect(await download(id)).toMatchObject({ status: 409, body: { code: "import.two_kinds" } });
    const [created, invited] = [await download(id, "?kind=create"), await download(id, "?kind=invite")];
    expect(created.headers["content-disposition"]).toContain("problem-rows-to-create.csv");
    expect(created.body.split("\r\n").map((line) => line.split(",").slice(0, 8).join())).toEqual([
      "\ufeffFirst name,Last name,Email,Password,Groups,Language,Status,row",
      "Anna,,anna@people.example,,,,suspended,1:2",
      "Bela,,bela@people.example,,,,active,1:3",
      "Cara,,cara@people.example,,,,active,1:4",
      "Dora,,dora@people.example,,,,perhaps,1:5",
      "Ewa,,ewa@people.example,,,,deleted,1:6",
      "",
    ]);
    expect(invited.body).toMatch(/^\ufeffFirst name,Last name,Email,Groups,Language,row,problem\r\nFred/);

    const mended = [created, invited].map(({ body }) => body.replace(/^(\w+),,/gm, "$1,Mended,"));
    const again = await checkFiles(owner, ...mended.map((file, n) => fileOf(file, `${n}.csv`)));
    expect(again.counts).toMatchObject({ ready: 5, problem: 2 });
    expect(await kindsToMend(again.id)).toEqual(["create"]);
    expect((await rowsOfImport(owner, again.id)).slice(3, 5).map(codes)).toEqual([
      ["unknown_status"],
      ["marked_deleted"],
    ]);
    const { counts } = await applyImport(owner, again.id);
    expect(counts).toMatchObject({ created: 2, invited: 2, suspended: 1 });
    expect(await statuses()).toMatchObject({ anna: "suspended", fred: "invited" });
  });

  test("are none of those that only wait for groups which are about to be created", async () => {
    const rows =
      "First name,Last name,Email,Groups\nAnna,Berg,anna@people.example,New\nBela,,bela@people.example,New\n";
    const { id } = await checkFiles(owner, fileOf(rows));
    expect((await download(id)).body).toContain("Anna,");
    await owner.call("PATCH", `/imports/${id}`, { createMissingGroups: true });
    const { body } = await download(id);
    expect(body).toContain("Bela,");
    expect(body).not.toContain("Anna,");
    await edit(id, 3, { lastName: "Cruz" });
    expect(await kindsToMend(id)).toEqual([]);
  });

  test("carry what was said in place of somebody's status, also where the file had no such column", async () => {
    const { id } = await checkFiles(owner, fileOf(invite));
    await edit(id, 2, { suspended: true });
    const { body } = await download(id);
    expect(body).toContain("Fred,,fred@people.example,,,suspended,2,");
    expect(body).toContain("Gus,,gus@people.example,,,active,3,");
  });
});
