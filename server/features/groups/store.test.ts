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
