import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrationsDir } from "#server/platform/db/migrate.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { invitePeople } from "#tests/support/people.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { writeDailyCounts } from "../users/store-daily-counts.ts";
import type { Home } from "./contract.ts";
import { fillDays } from "./fill-days.ts";

let installation: TestInstallation;
beforeAll(async () => {
  installation = await testInstallation();
});
afterAll(() => installation.close());

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);
const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const homeOf = async ({ owner }: TestTenant, days = 90) =>
  (await owner.call<Home>("GET", `/home?days=${days}`)).body;
const countedOn = (at: Date) =>
  installation.database.asSystem("count for a test", (tx) => writeDailyCounts(tx, at));

test("a tenant that was made today: its owner, and a history of one day", async () => {
  const home = await homeOf(await testTenant(installation));
  expect(home).toMatchObject({
    people: { all: 1, invited: 0, active: 1, suspended: 0 },
    history: [{ day: dayOf(new Date()), people: 1, invited: 0, active: 1, suspended: 0 }],
    invitationsExpired: 0,
    invitationsFailed: 0,
    mailFailed: 0,
    erasedSoon: 0,
    messages: { queued: 0, bounced: 0 },
    imports: { recent: [], inNeed: [] },
  });
});

test("each day is as it was counted last on it; a day nobody counted on is as the day before; today is as it is now", async () => {
  const tenant = await testTenant(installation);
  await countedOn(daysAgo(5));
  const [eva = ""] = await invitePeople(tenant, [{ first: "Eva", last: "Berg" }]);
  await countedOn(daysAgo(5));
  await tenant.owner.call("POST", `/users/${eva}/suspend`);
  await countedOn(daysAgo(2));
  await tenant.owner.call("DELETE", `/users/${eva}`);
  const count = (back: number, invited: number, suspended: number) => ({
    day: dayOf(daysAgo(back)),
    people: 1 + invited + suspended,
    invited,
    active: 1,
    suspended,
  });
  const days = [
    count(5, 1, 0),
    count(4, 1, 0),
    count(3, 1, 0),
    count(2, 0, 1),
    count(1, 0, 1),
    count(0, 0, 0),
  ];
  expect((await homeOf(tenant)).history).toEqual(days);
  await countedOn(daysAgo(20));
  const week = (await homeOf(tenant, 7)).history;
  expect(week.map(({ day }) => day)).toEqual([dayOf(daysAgo(6)), ...days.map(({ day }) => day)]);
  expect(week[0]).toMatchObject({ people: 1, active: 1 });
});

test("a day is one of the tenant's time zone: where it is a day earlier or later, so are what is counted and today", async () => {
  const now = Date.now();
  const zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"] as const;
  const dayAt = (zone: string, at: number) => new Date(at).toLocaleDateString("sv", { timeZone: zone });
  const tenants = await Promise.all(zones.map(() => testTenant(installation)));
  for (const [index, { owner }] of tenants.entries()) {
    const { version } = (await owner.call<{ version: number }>("GET", "/settings")).body;
    await owner.call("PATCH", "/settings", { timeZone: zones[index], version });
  }
  await countedOn(daysAgo(2));
  const day = 24 * 3_600_000;
  for (const [index, tenant] of tenants.entries()) {
    const { history } = await homeOf(tenant);
    const zone = zones[index] ?? "";
    expect(history.map((one) => one.day)).toEqual([2, 1, 0].map((back) => dayAt(zone, now - back * day)));
  }
});

test("one tenant's days are not another's", async () => {
  const [one, other] = [await testTenant(installation), await testTenant(installation)];
  await invitePeople(one, [{ first: "Eva", last: "Berg" }]);
  await countedOn(daysAgo(1));
  expect((await homeOf(one)).history.map(({ people }) => people)).toEqual([2, 2]);
  expect((await homeOf(other)).history.map(({ people }) => people)).toEqual([1, 1]);
});

test("the days before there were counts come from when people were added and deleted, without a status", async () => {
  const tenant = await testTenant(installation);
  const { query } = installation.database;
  const [first = "", second = ""] = await invitePeople(tenant, [
    { first: "First", last: "Comer" },
    { first: "Second", last: "Comer" },
  ]);
  await tenant.owner.call("DELETE", `/users/${second}`);
  const moved = "update users set created_at = $2, deleted_at = $3 where id = $1";
  await query(moved, [first, daysAgo(40), null]);
  await query(moved, [second, daysAgo(30), daysAgo(10)]);
  await query("delete from user_counts_daily", []);
  const sql = readFileSync(join(migrationsDir, "0013-user-counts-daily.sql"), "utf8");
  await query(/insert into [^;]+/.exec(sql)?.[0] ?? "", []);
  const kept = await query(
    "select day::text, people, active from user_counts_daily where tenant_id = $1 order by day",
    [tenant.id],
  );
  expect(kept).toEqual([
    { day: dayOf(daysAgo(40)), people: 1, active: null },
    { day: dayOf(daysAgo(30)), people: 2, active: null },
    { day: dayOf(daysAgo(10)), people: 1, active: null },
  ]);
  const { history } = await homeOf(tenant, 366);
  expect(history).toHaveLength(41);
  expect(history.at(-2)).toMatchObject({ people: 1, invited: null });
  expect(history.at(-1)).toMatchObject({ people: 2, invited: 1, active: 1 });
});

test("no day is missing and none is twice, over the end of a month and of summer time", () => {
  const filled = fillDays([{ day: "2024-02-01", people: 3, invited: null, active: null, suspended: null }], {
    days: 366,
    today: { day: "2024-04-02", people: 4, invited: 1, active: 3, suspended: 0 },
  });
  expect(filled).toHaveLength(62);
  expect(new Set(filled.map(({ day }) => day)).size).toBe(62);
  expect(filled[28]).toMatchObject({ day: "2024-02-29", people: 3 });
  expect(filled.at(-1)).toEqual({ day: "2024-04-02", people: 4, invited: 1, active: 3, suspended: 0 });
});

test("invitations that ran out, email that failed, by whom it concerns", async () => {
  const tenant = await testTenant(installation);
  const { query } = installation.database;
  const [late = "", refused = ""] = await invitePeople(tenant, [
    { first: "Late", last: "Comer" },
    { first: "Refused", last: "Mail" },
    { first: "Well", last: "Invited" },
  ]);
  await query("update links set expires_at = now() - interval '1 day' where user_id = $1", [late]);
  await query("update messages set state = 'refused', finished_at = now() where user_id = $1", [refused]);
  await query("update messages set state = 'held' where user_id = $1", [late]);
  expect(await homeOf(tenant)).toMatchObject({
    people: { all: 4, invited: 3 },
    invitationsExpired: 1,
    invitationsFailed: 1,
    mailFailed: 1,
    messages: { held: 1, refused: 1, queued: 1 },
  });
});

test("deleted people whose days are nearly over are counted, and those are whom the list shows", async () => {
  const tenant = await testTenant(installation);
  const [soon = "", sooner = "", later = ""] = await invitePeople(tenant, [
    { first: "Soon", last: "Gone" },
    { first: "Sooner", last: "Gone" },
    { first: "Later", last: "Gone" },
  ]);
  for (const id of [soon, sooner, later]) await tenant.owner.call("DELETE", `/users/${id}`);
  expect((await homeOf(tenant)).erasedSoon).toBe(0);
  const eraseIn = (id: string, days: string) =>
    installation.database.query("update users set erase_at = now() + $2::interval where id = $1", [id, days]);
  await eraseIn(soon, "6 days 23 hours");
  await eraseIn(sooner, "1 hour");
  await eraseIn(later, "7 days 1 hour");
  expect((await homeOf(tenant)).erasedSoon).toBe(2);
  const listed = await tenant.owner.call<{ items: { id: string }[] }>(
    "GET",
    "/users/deleted?soon=true&sort=erase",
  );
  expect(listed.body.items.map(({ id }) => id)).toEqual([sooner, soon]);
  const counts = (search: string) => tenant.owner.call("GET", `/users/deleted/counts?search=${search}`);
  expect((await counts("")).body).toMatchObject({ all: 3, soon: 2 });
  expect((await counts("later")).body).toMatchObject({ all: 1, soon: 0 });
});

test("imports: the latest five, and those of the last week that wait for somebody, failed or cannot go on", async () => {
  const tenant = await testTenant(installation);
  for (const name of ["one", "two", "three", "four", "five", "six", "seven"]) {
    await tenant.owner.upload("/imports", [{ name: `${name}.csv`, content: "first name,last name,email\n" }]);
  }
  const { query } = installation.database;
  const setState =
    "update imports set state = $2, trouble = $3, created_at = created_at - $4::interval where id = (select import_id from import_files where name = $1 and tenant_id = $5)";
  const states = [
    ["one.csv", "checked", null, "8 days"],
    ["two.csv", "checked", null, "0"],
    ["three.csv", "finished", null, "0"],
    ["four.csv", "failed", null, "0"],
    ["five.csv", "applying", "disk_full", "0"],
    ["six.csv", "checked", null, "0"],
  ];
  for (const name of ["one", "two"]) {
    await query(
      `update imports set counts = '{"ready": 1}' where id = (select import_id from import_files where name = $1 and tenant_id = $2)`,
      [`${name}.csv`, tenant.id],
    );
  }
  for (const state of states) await query(setState, [...state, tenant.id]);
  const { imports } = await homeOf(tenant);
  const names = (found: NonNullable<Home["imports"]>["recent"] = []) =>
    found.map(({ files }) => files[0]?.name);
  expect(names(imports?.recent)).toEqual(["seven.csv", "six.csv", "five.csv", "four.csv", "three.csv"]);
  expect(names(imports?.inNeed)).toEqual(["five.csv", "four.csv", "two.csv"]);
});

test("who may not read users gets nothing of it", async () => {
  const tenant = await testTenant(installation);
  const member = await tenant.person("member");
  expect((await member.call("GET", "/home")).status).toBe(403);
});
