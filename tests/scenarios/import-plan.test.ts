import { expect, test } from "vitest";
import { shortly } from "#tests/support/at-once.ts";
import { first, importsByJob } from "#tests/support/imports-by-job.ts";
import { applyImport, checkFiles, fileOf, press, rowsOfImport } from "#tests/support/run-import.ts";

const { tenant, owner, makeGroup, describePerson, choose, audit, imported } = importsByJob();

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
  expect(plan.seatBelt?.reasons.at(-1)?.message).toMatch(/every name of the file that no group has yet/);
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

test("the first import makes as many groups as it names; once there is a group, or anybody but owners, many are confirmed", async () => {
  const classes = Array.from({ length: 12 }, (_, n) => `F,L,p${n}@northwind.example,Class ${n}`).join("\n");
  const { id } = await checkFiles(owner, fileOf(`First name,Last name,Email,Groups\n${classes}\n`));
  const beltOf = async () =>
    (await choose(id, { createMissingGroups: true })).seatBelt?.reasons.map(({ code }) => code);
  expect(await beltOf()).toBeUndefined();
  const staff = await makeGroup("Staff");
  expect(await beltOf()).toEqual(["new_groups"]);
  await owner.call("DELETE", `/groups/${staff}?members=0`);
  expect(await beltOf()).toBeUndefined();
  await tenant.person("member");
  const plan = await choose(id, { createMissingGroups: true });
  expect(plan.seatBelt?.reasons.map(({ code }) => code)).toEqual(["new_groups"]);
  expect(shortly(await owner.call("POST", `/imports/${id}/apply`, { planHash: plan.planHash }))).toBe(
    "409 import.confirmation_needed",
  );
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
      "There is nothing to import. 1 row has a problem: mend it. 1 row waits for a group that does not exist: have it created, or say which one is meant.",
  });
  expect((await press(owner, id)).body).toMatchObject({ detail: obstacle?.message });
  expect(await choose(id, { createMissingGroups: true })).toMatchObject({ toApply: 1, obstacle: null });
  expect(await choose(id, { allOrNothing: true })).toMatchObject({
    obstacle: { reason: "rows_have_problems", message: expect.stringContaining("1 row has a problem") },
  });
});
