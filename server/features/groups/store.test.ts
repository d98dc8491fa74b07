import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
  for (const name of ["Sales North", "North", "100 %_ sure", "Künstler"])
    await tenant.owner.call("POST", "/groups", { name });
});
afterAll(() => installation.close());

type Listed = { items: { name: string }[]; nextCursor: string | null };
const found = async (search: string, more = "") =>
  (await tenant.owner.call<Listed>("GET", `/groups?search=${encodeURIComponent(search)}${more}`)).body;

test.each([
  ["north", ["North", "Sales North"]],
  ["s n", ["Sales North"]],
  ["%_", ["100 %_ sure"]],
  ["ÜNST", ["Künstler"]],
  ["a%n", []],
])("groups with %j anywhere in their name are found, page by page", async (search, names) => {
  expect((await found(search)).items.map(({ name }) => name)).toEqual(names);
  const first = await found(search, "&limit=1");
  expect(first.items.map(({ name }) => name)).toEqual(names.slice(0, 1));
  if (!first.nextCursor) return;
  const second = await found(search, `&limit=1&cursor=${first.nextCursor}`);
  expect(second.items.map(({ name }) => name)).toEqual(names.slice(1));
});

test("numbers in names are ordered by their value, in the list page by page and at whoever is in them", async () => {
  // Those that differ in zeros before a number alone have one value, and stand by name.
  const names = [
    "Class 007A",
    "Class 07A",
    "Class 7A",
    "Class 7B",
    "Class 07B plus",
    "Class 10A",
    "Class 11B",
    "Class 11B 2",
    "Class 11B 10",
  ];
  const { owner } = await testTenant(installation);
  const groupIds: string[] = [];
  for (const name of names.toReversed())
    groupIds.push((await owner.call<{ id: string }>("POST", "/groups", { name })).body.id);
  const listed: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor && `&cursor=${cursor}`;
    const { body } = await owner.call<Listed>("GET", `/groups?limit=2${more}`);
    listed.push(...body.items.map(({ name }) => name));
    cursor = body.nextCursor;
  }
  expect(listed).toEqual(names);
  const person = { firstName: "Eva", lastName: "Berg", email: "eva@example.org" };
  const made = await owner.call<{ groups: { name: string }[] }>("POST", "/users", {
    mode: "invite",
    ...person,
    groupIds,
  });
  expect(made.body.groups.map(({ name }) => name)).toEqual(names);
});
