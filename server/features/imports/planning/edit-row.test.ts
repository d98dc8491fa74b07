import fc from "fast-check";
import { expect, test } from "vitest";
import { addPeople } from "#tests/support/add-people.ts";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { holds } from "#tests/support/property.ts";
import { readImport } from "../store.ts";
import { editRow } from "./edit-row.ts";
import { planRows } from "./plan-rows.ts";

const desk = importsByHand({});
const { newTenant, query, checked, makeGroup } = desk;

const header = "First name,Last name,Email,Groups,Language\n";
const file = `${header}Ada,One,ada@northwind.example,Staff,
Ben,Two,ada@northwind.example,Unknown,
Cleo,Three,cleo@elsewhere.example,Unknown; Staff,klingon
Dan,,dan@northwind.example,Other,
Eve,Five,no address,Unknown,
Anne,Berg,member@northwind.example,Sales,de
Max,Boss,boss@northwind.example,Unknown,
Same,Same,same@northwind.example,,
`;
const rowNos = [2, 3, 4, 5, 6, 7, 8, 9];
const emails = ["ada", "cleo", "member", "boss", "same", "fresh"].map((name) => `${name}@northwind.example`);

/** What stands in the file for a group, for another one, or again for none. */
const oneChoice = fc.oneof(
  fc.record({ existing: fc.constantFrom("skip", "add_groups", "replace_groups") }),
  fc.record({
    groups: fc.tuple(
      fc.record({ name: fc.constantFrom("Unknown", "Staff"), to: fc.constantFrom("Sales", "Staff", null) }),
    ),
  }),
);

const oneEdit = fc.record({
  rowNo: fc.constantFrom(...rowNos),
  edit: fc.record(
    {
      email: fc.constantFrom(...emails, "new@other.example", "new@third.example", "no address"),
      firstName: fc.constantFrom("Ada", "Same", "X", ""),
      groups: fc.constantFrom("", "Staff", "Unknown", "Unknown; Third", "Fourth", "Quiet"),
    },
    { requiredKeys: [] },
  ),
});

async function tenantWithPeople() {
  await newTenant();
  const others = Array.from({ length: 9 }, (_, at) => `other${at}@northwind.example`);
  const plain = ["member@northwind.example", "same@northwind.example", ...others];
  const groups = await addPeople(
    desk.tenant,
    [
      ...plain.map((email) => ({ email, firstName: "Same", lastName: "Same" })),
      { email: "boss@northwind.example", firstName: "Max", lastName: "Boss", role: "administrator" },
    ],
    ["Staff", "Sales"],
  );
  await desk.tenant.owner.call("POST", "/groups", { name: "Quiet", active: false });
  return groups;
}

/** All that a plan comes to, row by row and summed up. */
async function planOf(id: string) {
  const [facts] = await query("select plan, counts from imports where id = $1", [id]);
  const groups = await query(
    "select name, rows, group_id from import_groups where import_id = $1 and group_id is null order by name",
    [id],
  );
  const rows = await query(
    "select row_no, outcome, existing_id, plan from import_rows where import_id = $1 order by row_no",
    [id],
  );
  return { facts, groups, rows };
}

const planAnew = (id: string) =>
  desk.door.run(async (ctx) => {
    const found = await readImport(ctx, id, "lock");
    if (found) await planRows(ctx, found);
  });

test("rows corrected and choices made one after the other leave the plan that all of it checked anew would", async () => {
  const groups = await tenantWithPeople();
  const choose = async (
    id: string,
    choice: typeof oneChoice extends fc.Arbitrary<infer Choice> ? Choice : never,
  ) => {
    const body =
      "existing" in choice
        ? choice
        : { groups: choice.groups.map(({ name, to }) => ({ name, groupId: to && groups.get(to) })) };
    const answer = await desk.tenant.owner.call("PATCH", `/imports/${id}`, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  const steps = fc.array(fc.oneof({ weight: 2, arbitrary: oneEdit }, { weight: 1, arbitrary: oneChoice }), {
    minLength: 1,
    maxLength: 8,
  });
  await holds(
    fc.asyncProperty(steps, async (taken) => {
      const { id } = await checked(file);
      for (const step of taken) {
        if (!("rowNo" in step)) await choose(id, step);
        else
          await desk.door.run((ctx) =>
            editRow(ctx, { importId: id, fileNo: 1, rowNo: step.rowNo }, step.edit),
          );
      }
      const stepByStep = await planOf(id);
      await planAnew(id);
      expect(stepByStep).toEqual(await planOf(id));
      await desk.tenant.owner.call("POST", `/imports/${id}/cancel`);
    }),
    30,
  );
});

test("a group that somebody made meanwhile ends the waiting of all rows that name it", async () => {
  await newTenant();
  const { id } = await checked(
    `${header}Ada,One,ada@northwind.example,New,\nBen,Two,ben@northwind.example,New,\n`,
  );
  await makeGroup("New");
  await desk.door.run((ctx) => editRow(ctx, { importId: id, fileNo: 1, rowNo: 2 }, { firstName: "Adele" }));
  expect((await desk.see(id)).counts).toMatchObject({ ready: 2 });
});
