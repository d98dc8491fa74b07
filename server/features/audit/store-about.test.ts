import { beforeEach, expect, test } from "vitest";
import { startBulk, type Wanted, workOff } from "#tests/support/bulk-action.ts";
import { importsByHand, one } from "#tests/support/imports-by-hand.ts";
import { invitePeople } from "#tests/support/people.ts";
import type { AuditEvent } from "./contract.ts";

const desk = importsByHand({});
beforeEach(() => desk.newTenant());

const eventsAbout = async (target: string, more = {}) => {
  const query = new URLSearchParams({ target, ...more });
  const { body } = await desk.tenant.owner.call<{ items: AuditEvent[] }>("GET", `/audit?${query}`);
  return body.items.map(({ action, target: whom, details }) => [
    action,
    whom?.name,
    details.added,
    details.removed,
  ]);
};

const doNow = async (wanted: Wanted) =>
  workOff(desk.installation, desk.tenant, (await startBulk(desk.tenant.owner, wanted)).id);

const group = async (name: string) => {
  const { body } = await desk.tenant.owner.call<{ id: string }>("POST", "/groups", { name });
  return body.id;
};

test("who put somebody into a group, also where that was done to many at once, and undone", async () => {
  const [staff, choir] = [await group("Staff"), await group("Choir")];
  const [anna = "", berit = ""] = await invitePeople(desk.tenant, [
    { first: "Anna", last: "Berg", groupIds: [choir] },
    { first: "Berit", last: "Berg", groupIds: [] },
    { first: "Carl", last: "Berg", groupIds: [] },
  ]);
  const before = await eventsAbout(anna);
  const selection = { ids: [anna, berit] };
  const { id } = await doNow({ action: "add_to_groups", groupIds: [staff, choir], selection });

  const added = ["group.members_changed", "Staff", 2, 0];
  expect(await eventsAbout(anna)).toEqual([added, ...before]);
  expect(await eventsAbout(berit, { action: "group." })).toEqual(
    expect.arrayContaining([added, ["group.members_changed", "Choir", 1, 0]]),
  );
  expect(await eventsAbout(anna, { action: "user.added" })).toEqual([]);
  const csv = await desk.tenant.owner.call<string>("GET", `/audit.csv?target=${anna}&action=group.`);
  expect(csv.body.trimEnd().split("\r\n")).toHaveLength(1 + 1);

  await desk.tenant.owner.call("POST", `/bulk-actions/${id}/undo`);
  await workOff(desk.installation, desk.tenant, id);
  expect(await eventsAbout(anna)).toEqual([["group.members_changed", "Staff", 0, 2], added, ...before]);
});

test("nothing of a bulk action that left somebody as they were", async () => {
  const staff = await group("Staff");
  const [anna = "", berit = ""] = await invitePeople(desk.tenant, [
    { first: "Anna", last: "Berg", groupIds: [staff] },
    { first: "Berit", last: "Berg", groupIds: [] },
  ]);
  await doNow({ action: "add_to_groups", groupIds: [staff], selection: { ids: [anna, berit] } });
  expect(await eventsAbout(anna, { action: "group." })).toEqual([]);
  expect(await eventsAbout(berit, { action: "group." })).toEqual([["group.members_changed", "Staff", 1, 0]]);
});

test("the import that made somebody", async () => {
  const { id } = await desk.checked(one);
  await desk.applied(id);
  const [anna] = await desk.query("select id from users where tenant_id = $1 and email like 'anna@%'", [
    desk.tenant.id,
  ]);
  expect(await eventsAbout(String(anna?.id))).toContainEqual([
    "import.finished",
    "people.csv",
    undefined,
    undefined,
  ]);
  expect(await eventsAbout(desk.tenant.owner.id, { action: "import." })).toEqual([]);
});
