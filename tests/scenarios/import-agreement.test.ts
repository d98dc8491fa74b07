import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Import, UndoPlan } from "#server/features/imports/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf, importIn, press, rowsOfImport } from "#tests/support/run-import.ts";
import { type TestPerson, type TestTenant, testTenant } from "#tests/support/tenant.ts";

let installation: TestInstallation;
let tenant: TestTenant;
let owner: TestPerson;

beforeAll(async () => {
  installation = await testInstallation();
  await installation.startJobs();
});
afterAll(() => installation?.close());
beforeEach(async () => {
  tenant = await testTenant(installation);
  owner = tenant.owner;
});

type Listed = {
  items: { id: string; firstName: string; status: string; version: number; groups: { name: string }[] }[];
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
