import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { invitePeople } from "#tests/support/people.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { createGroup } from "../groups/create-group.ts";
import { type UserSort, userSelection, userSorts } from "./contract.ts";
import { filterSql, toldAloneSql, type UserFilter } from "./filter-sql.ts";
import { indexUsers } from "./index-users.ts";
import { nameKeys } from "./person-name.ts";
import { firstFoundSql, searchWords } from "./search-sql.ts";
import { writeSignIn } from "./store.ts";
import { writeHasFactor } from "./store-factor.ts";
import { selectedUsersSql, type UserSelection } from "./store-selection.ts";

type Listed = { items: User[]; nextCursor: string | null; previousCursor: string | null };

let installation: TestInstallation;
let tenant: TestTenant;
let groupId: string;
const byFirst: Record<string, string> = {};
const importId = "018f0000-0000-7000-8000-000000000001";

beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
  groupId = (await tenant.run((ctx) => createGroup(ctx, { name: "Choir", description: "", active: true })))
    .id;
  const people = [
    { first: "Jürgen", last: "Müller", email: "jm@choir.example", groupIds: [groupId] },
    { first: "Anna", last: "Berg", groupIds: [groupId] },
    { first: "Anna", last: "Berg" },
    { first: "Berit", last: "Annas", role: "auditor" as const },
    { first: "Ola", last: "Łuczak", email: "ola@münchen.example" },
    { first: "Per", last: "100%_sure\\" },
  ];
  const ids = await invitePeople(tenant, people);
  people.forEach(({ first }, n) => {
    byFirst[`${first}${n}`] = ids[n] ?? "";
  });
  await tenant.run((ctx) => writeSignIn(ctx, ids[1] ?? ""));
  await tenant.run((ctx) => writeSignIn({ ...ctx, now: new Date(ctx.now.getTime() + 5000) }, ids[3] ?? ""));
  await tenant.owner.call("POST", `/users/${ids[5]}/suspend`);
  for (const n of [1, 5]) await tenant.run((ctx) => writeHasFactor(ctx, ids[n] ?? "", true));
  await installation.database.query(
    "update links set expires_at = now() - interval '1 hour' where tenant_id = $1 and user_id = any($2)",
    [tenant.id, [ids[0], ids[2]]],
  );
  await installation.database.query(
    "update messages set state = 'refused' where tenant_id = $1 and user_id = any($2)",
    [tenant.id, [ids[0], ids[4]]],
  );
  // Written again since, and that has not failed.
  await tenant.owner.call("POST", `/users/${ids[4]}/invitation/resend`);
  await installation.database.query(
    `update users set created_at = '2020-05-05' where tenant_id = $1 and id = $2`,
    [tenant.id, ids[3]],
  );
  await installation.database.query(
    `insert into import_rows (tenant_id, import_id, file_no, row_no, user_id, email, email_key, first_name, last_name,
                              name_key, given_key, outcome)
     select $1, $2, 1, n, id, '', '', '', '', '', '', case n when 1 then 'invited' else 'skipped' end
       from unnest($3::uuid[]) with ordinality u(id, n)`,
    [tenant.id, importId, [ids[2], ids[1]]],
  );
});
afterAll(() => installation.close());

const list = async (query: Record<string, string>) => {
  const answer = await tenant.owner.call<Listed>("GET", `/users?${new URLSearchParams(query)}`);
  expect(answer.status).toBe(200);
  return answer.body;
};
const namesOf = ({ items }: Listed) => items.map((user) => `${user.lastName} ${user.firstName}`);
const idsOf = ({ items }: Pick<Listed, "items">) => items.map((user) => user.id);

describe("the order", () => {
  test.each(userSorts)("%s: pages forwards and backwards are the whole list, in its order", async (sort) => {
    const whole = await list({ sort, limit: "200" });
    expect(whole.items).toHaveLength(7);
    const forwards: User[] = [];
    let page = await list({ sort, limit: "2" });
    forwards.push(...page.items);
    while (page.nextCursor) {
      page = await list({ sort, limit: "2", cursor: page.nextCursor });
      forwards.push(...page.items);
    }
    expect(forwards).toEqual(whole.items);
    const backwards: User[] = [...page.items];
    while (page.previousCursor) {
      page = await list({ sort, limit: "2", cursor: page.previousCursor });
      backwards.unshift(...page.items);
    }
    expect(backwards).toEqual(whole.items);
  });

  test.each(["name", "email", "created", "lastSignIn"] as const)("-%s is %s read backwards", async (by) => {
    expect(idsOf(await list({ sort: `-${by}` }))).toEqual(idsOf(await list({ sort: by })).reverse());
  });

  test("is what it says: names folded, sign-ins from never to the latest", async () => {
    expect(namesOf(await list({})).slice(0, 4)).toEqual([
      "100%_sure\\ Per",
      "Annas Berit",
      "Berg Anna",
      "Berg Anna",
    ]);
    const seen = (await list({ sort: "lastSignIn" })).items.map((user) => user.lastSignInAt);
    expect(seen.slice(0, 5)).toEqual([null, null, null, null, null]);
    expect(String(seen[5]) < String(seen[6])).toBe(true);
    expect((await list({ sort: "created" })).items[0]?.lastName).toBe("Annas");
  });

  test("a cursor of another order, or made up, is refused", async () => {
    const { nextCursor } = await list({ sort: "name", limit: "1" });
    const cursor = (keys: unknown[]) => Buffer.from(JSON.stringify(keys)).toString("base64url");
    const id = "018f0000-0000-7000-8000-000000000001";
    const wrong: [UserSort, string][] = [
      ["email", nextCursor ?? ""],
      ["name", cursor(["name", "next", "a\0", id])],
      ["name", cursor(["name", "next", null, id])],
      ["created", cursor(["created", "next", "yesterday", id])],
      ["created", cursor(["created", "next", null, id])],
    ];
    for (const [sort, made] of wrong) {
      const answer = await tenant.owner.call("GET", `/users?${new URLSearchParams({ sort, cursor: made })}`);
      expect(answer.body, `${sort} ${made}`).toMatchObject({ status: 400, code: "cursor.invalid" });
    }
  });
});

const everyFilter: [UserFilter, string[]][] = [
  [{ status: "suspended" }, ["Per5"]],
  [{ role: "auditor" }, ["Berit3"]],
  [{ groupId: "the group" }, ["Anna1", "Jürgen0"]],
  [{ invitationExpired: true }, ["Anna2", "Jürgen0"]],
  [{ mailFailed: true }, ["Jürgen0"]],
  [{ importId }, ["Anna2"]],
  [{ createdBefore: new Date("2021-01-01") }, ["Berit3"]],
  [{ createdFrom: new Date("2020-05-05"), createdBefore: new Date("2020-05-06") }, ["Berit3"]],
  [{ neverSignedIn: true, role: "member", status: "invited" }, ["Anna2", "Jürgen0", "Ola4"]],
  [{ secondFactor: "set_up" }, ["Anna1", "Per5"]],
  [{ secondFactor: "set_up", status: "suspended" }, ["Per5"]],
  [{ secondFactor: "none", role: "member" }, ["Anna2", "Jürgen0", "Ola4"]],
  [{ secondFactor: "none", groupId: "the group" }, ["Jürgen0"]],
  [{ secondFactor: "none", createdBefore: new Date("2021-01-01") }, ["Berit3"]],
  [{ secondFactor: "set_up", search: "ann" }, ["Anna1"]],
  [{ groupId: "the group", mailFailed: true, invitationExpired: true }, ["Jürgen0"]],
  [{ groupId: "the group", role: "auditor" }, []],
  [{ search: "ber", groupId: "the group" }, ["Anna1"]],
  [{ search: "mül" }, ["Jürgen0"]],
];
const real = (filter: UserFilter) => (filter.groupId ? { ...filter, groupId } : filter);
const asQuery = (filter: UserFilter) =>
  Object.fromEntries(
    Object.entries(real(filter)).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : String(value),
    ]),
  );

describe("filters", () => {
  test.each(everyFilter)("%j finds them, in either manner, counted and selected", async (filter, names) => {
    const expected = names.map((name) => byFirst[name] ?? "").sort();
    expect(idsOf(await list(asQuery(filter))).sort()).toEqual(expected);
    for (const manner of ["all", "walk"] as const) {
      const values: unknown[] = [tenant.id];
      const where = filterSql(real(filter), values, manner).join(" and ");
      const rows = await tenant.run(({ tx }) =>
        tx.rows<{ id: string }>(`select u.id from users u where ${where} order by u.id`, values),
      );
      expect(
        rows.map(({ id }) => id),
        manner,
      ).toEqual(expected);
    }
    const values: unknown[] = [tenant.id];
    const told = toldAloneSql(real(filter), values);
    const sql =
      told && `select array(${told.sql}) as ids, ${told.people ?? `${expected.length}::int`} as people`;
    const alone =
      sql && (await tenant.run(({ tx }) => tx.row<{ ids: string[]; people: number }>(sql, values)));
    if (alone) {
      expect({ ...alone, ids: alone.ids.sort() }, "told alone").toEqual({
        ids: expected,
        people: expected.length,
      });
    }
    const { status, ...others } = asQuery(filter);
    const counts = await tenant.owner.call("GET", `/users/counts?${new URLSearchParams(others)}`);
    const kind = (status ?? "all") as "all";
    expect((counts.body as Record<string, number>)[kind]).toBe(expected.length);
    expect(await selected({ filter: real(filter), excluded: [] })).toEqual(expected);
    expect(await selected({ filter: real(filter), excluded: expected.slice(0, 1) })).toEqual(
      expected.slice(1),
    );
  });
});

describe("filters, page by page", () => {
  test.each(everyFilter)("%j: pages of one are the whole, however they are found", async (filter) => {
    for (const sort of ["name", "-created", "lastSignIn"]) {
      const query = { ...asQuery(filter), sort };
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Listed = await list({ ...query, limit: "1", ...(cursor && { cursor }) });
        seen.push(...idsOf(page));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen, sort).toEqual(idsOf(await list(query)));
    }
  });
});

describe("search", () => {
  const found = async (search: string) => namesOf(await list({ search }));

  test("finds beginnings at once, and parts when they are written", async () => {
    expect(await found("muller")).toEqual(["Müller Jürgen"]);
    expect(await found("Łuc")).toEqual(["Łuczak Ola"]);
    expect(await found("jm@")).toEqual(["Müller Jürgen"]);
    expect(await found("ürg")).toEqual([]);
    while (await tenant.run(indexUsers));
    expect(await found("urg")).toEqual(["Müller Jürgen"]);
    expect(await found("ÜLLER jürg")).toEqual(["Müller Jürgen"]);
    expect(await found("gen choir")).toEqual(["Müller Jürgen"]);
    expect(await found("münchen")).toEqual(["Łuczak Ola"]);
    expect(await found("munchen.ex luc")).toEqual(["Łuczak Ola"]);
    expect(await found("nna")).toEqual(["Annas Berit", "Berg Anna", "Berg Anna"]);
    expect(await found("rg")).toEqual([]);
  });

  test("of many that it finds the first by name are found, from anywhere and in both directions", async () => {
    while (await tenant.run(indexUsers));
    const { items } = await list({ search: "nna" });
    const rows = items.map(({ id, firstName, lastName }) => ({
      id,
      key: nameKeys(firstName, lastName).nameKey,
    }));
    const sought = searchWords("nna") ?? expect.fail();
    const two = (after: (typeof rows)[number] | undefined, backwards: boolean) =>
      tenant.run(async ({ tx, tenantId }) => {
        const values: unknown[] = [tenantId];
        const value = (given: unknown) => `$${values.push(given)}`;
        const first = firstFoundSql(sought, value, { backwards, after, atMost: 2 });
        const direction = backwards ? "desc" : "asc";
        return tx.rows<{ id: string }>(
          `select id from users where tenant_id = $1 and id in (${first})
            order by name_key ${direction}, id ${direction} limit 2`,
          values,
        );
      });
    expect(rows).toHaveLength(3);
    const ids = idsOf({ items });
    const idsFrom = async (...from: Parameters<typeof two>) => (await two(...from)).map(({ id }) => id);
    expect(await idsFrom(undefined, false)).toEqual(ids.slice(0, 2));
    expect(await idsFrom(undefined, true)).toEqual(ids.toReversed().slice(0, 2));
    for (const [n, row] of rows.entries()) {
      expect(await idsFrom(row, false), `after ${n}`).toEqual(ids.slice(n + 1, n + 3));
      expect(await idsFrom(row, true), `before ${n}`).toEqual(ids.slice(0, n).toReversed().slice(0, 2));
    }
  });

  test.each<Record<string, string>>([
    {},
    { status: "invited" },
    { secondFactor: "none" },
    { groupId: "the group" },
  ])("counts whom it finds, few or nearly everybody, among %j", async (others) => {
    while (await tenant.run(indexUsers));
    const among = others.groupId ? { groupId } : others;
    for (const [search, most] of Object.entries({ m: 1, an: 3, nna: 3, example: 7, münchen: 1, nobody: 0 })) {
      const { items } = await list({ ...among, search });
      const { body } = await tenant.owner.call<Record<string, number>>(
        "GET",
        `/users/counts?${new URLSearchParams({ ...among, search })}`,
      );
      expect(body[others.status ?? "all"], search).toBe(items.length);
      if (Object.keys(others).length === 0) expect(items.length, search).toBe(most);
    }
  });

  test("takes every character for itself", async () => {
    while (await tenant.run(indexUsers));
    expect(await found("00%_su")).toEqual(["100%_sure\\ Per"]);
    expect(await found("sure\\")).toEqual(["100%_sure\\ Per"]);
    expect(await found("%%%")).toEqual([]);
    expect(await found("0_%_")).toEqual([]);
  });

  test("follows a change of name, and forgets whoever is deleted", async () => {
    const [id] = await invitePeople(tenant, [{ first: "Zoë", last: "Quendel" }]);
    while (await tenant.run(indexUsers));
    expect(await found("uend")).toEqual(["Quendel Zoë"]);
    await tenant.owner.call("PATCH", `/users/${id}`, { version: 1, lastName: "Rosmarin" });
    while (await tenant.run(indexUsers));
    expect(await found("uend")).toEqual([]);
    expect(await found("smar")).toEqual(["Rosmarin Zoë"]);
    await tenant.owner.call("DELETE", `/users/${id}`);
    expect(await found("smar")).toEqual([]);
    const left = "select from user_search where tenant_id = $1 and words like '%rosmarin%'";
    expect(await installation.database.query(left, [tenant.id])).toEqual([]);
  });

  test("of one tenant never sees another's people, and without a tenant nobody", async () => {
    const other = await testTenant(installation);
    await invitePeople(other, [{ first: "Xaver", last: "Geheimnis" }]);
    while (await other.run(indexUsers));
    const search = "select count(*)::int as people from app.search_users(array['%heimn%'], null)";
    const ofTenant = (one: TestTenant) => one.run(({ tx }) => tx.row<{ people: number }>(search));
    expect(await ofTenant(other)).toEqual({ people: 1 });
    expect(await ofTenant(tenant)).toEqual({ people: 0 });
    expect(await found("heimn")).toEqual([]);
    const asSystem = installation.database.asSystem("a test", (tx) => tx.row(search));
    await expect(asSystem).rejects.toThrow("permission denied");
  });
});

const selected = async (selection: UserSelection) => {
  const source = selectedUsersSql(selection);
  const rows = await tenant.run(({ tx, tenantId }) =>
    tx.rows<{ user_id: string }>(`${source.sql}`, [tenantId, ...source.values]),
  );
  return rows.map((row) => row.user_id).sort();
};

describe("a selection", () => {
  test("of ids is those that are users", async () => {
    const ids = [byFirst.Anna1 ?? "", "018f0000-0000-7000-8000-00000000dead"];
    expect(await selected(userSelection.parse({ ids }) as UserSelection)).toEqual([byFirst.Anna1]);
  });

  test("of everybody who matches needs no list of them", async () => {
    const parsed = userSelection.parse({ filter: { search: "anna", mailFailed: true }, excluded: [] });
    expect(parsed).toEqual({ filter: { search: "anna", mailFailed: true }, excluded: [] });
    expect(userSelection.safeParse({ filter: { mailFailed: false } }).success).toBe(false);
    expect(await selected({ filter: {}, excluded: [] })).toHaveLength(7);
  });
});
