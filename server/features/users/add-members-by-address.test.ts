import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { invitePeople } from "#tests/support/people.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import type { Group } from "../groups/contract.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
});
afterAll(() => installation.close());

const newGroup = async (name: string) => (await tenant.owner.call<Group>("POST", "/groups", { name })).body;
const eventsOf = (id: string) =>
  installation.database.query<{ action: string }>(
    "select action from audit_events where target_id = $1 order by action",
    [id],
  );

test("who is added, who was in it, which addresses are nobody's and what is no address: each is told", async () => {
  const group = await newGroup("Choir");
  const people = [
    { first: "Eva", last: "Berg", email: "Eva@northwind.example" },
    { first: "Bo", last: "Ek", email: "bo@northwind.example", groupIds: [group.id] },
  ];
  const [eva = "", bo = ""] = await invitePeople(tenant, people);
  const text =
    'Berg, Eva <EVA@northwind.example>; "Ek, Bo" <bo@northwind.example>\nnobody@northwind.example, Eva Berg';
  const path = `/groups/${group.id}/members/by-address`;
  const { body } = await tenant.owner.call("POST", path, { text });
  expect(body).toMatchObject({
    group: { members: 2 },
    added: ["Eva@northwind.example"],
    already: ["bo@northwind.example"],
    notYours: [],
    unknown: ["nobody@northwind.example"],
    unreadable: [{ text: "Eva Berg" }],
  });
  expect((await eventsOf(eva)).map(({ action }) => action)).toContain("user.added_to_group");
  expect((await eventsOf(bo)).map(({ action }) => action)).not.toContain("user.added_to_group");
  const again = await tenant.owner.call("POST", path, { text });
  expect(again.body).toMatchObject({ group: { members: 2 }, added: [], already: { length: 2 } });
  expect((await eventsOf(group.id)).map(({ action }) => action)).toEqual([
    "group.created",
    "group.members_changed",
  ]);
});

test("whom one may not change is told and left out; the others are added", async () => {
  const group = await newGroup("Council");
  const by = await tenant.person("user_administrator");
  await invitePeople(tenant, [{ first: "Ida", last: "Moe", email: "ida@northwind.example" }]);
  const text = `${tenant.owner.email}\nida@northwind.example`;
  const { body } = await by.call("POST", `/groups/${group.id}/members/by-address`, { text });
  expect(body).toMatchObject({ added: ["ida@northwind.example"], notYours: [tenant.owner.email] });
});

test("another tenant's people are nobody here", async () => {
  const group = await newGroup("Neighbours");
  const { owner } = await testTenant(installation);
  const path = `/groups/${group.id}/members/by-address`;
  const { body } = await tenant.owner.call("POST", path, { text: owner.email });
  expect(body).toMatchObject({ added: [], unknown: [owner.email] });
});

test("more than 5,000 addresses are refused as a whole, and so is as much that is none", async () => {
  const group = await newGroup("Crowd");
  const add = (text: string) => tenant.owner.call("POST", `/groups/${group.id}/members/by-address`, { text });
  const crowd = Array.from({ length: 5001 }, (_, n) => `n${n}@northwind.example`).join("\n");
  for (const [text, words] of [
    [crowd, "5,001 addresses"],
    ["a,".repeat(200_000), "200,000 addresses"],
  ] as const)
    expect(await add(text)).toMatchObject({
      status: 422,
      body: { code: "group.too_many_addresses", fields: { text: expect.stringContaining(words) } },
    });
});
