import { v7 as uuid } from "uuid";
import { userSorts } from "#server/features/users/contract.ts";
import type { UserFilter } from "#server/features/users/filter-sql.ts";
import { embeddedMuster } from "#tests/support/embedded-muster.ts";
import { type PortalClient, setUpTenant } from "#tests/support/portal-client.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { compare, type Figure, type Options } from "./support/figure.ts";
import { addManyPeople } from "./support/many-people.ts";
import { sample } from "./support/sample.ts";
import { median, p99 } from "./support/time.ts";
import { countedAtOnce, countedFilters, searchedWords, userFilters } from "./support/user-questions.ts";

export const about =
  "Users and groups of a tenant of a million over HTTP, pages and counts, against the smallest signed-in request to the same server.";
export const bars = {
  "users.list": 5,
  "users.sort": 5,
  "users.filter": 5,
  "users.search": 5,
  "users.count": 5,
  "users.count_combined": 15,
  "groups.list": 5,
  "groups.members": 5,
  "groups.members_count": 15,
};
export const usual = { rows: 1_000_000, runs: 5 };

const neighbours = 200;
const ofNeighbour = 1000;

/**
 * What an administrator's browser waits for from the real server, a process of its own: session, permission, a page of 50 with
 * groups, invitations and emails or a count, JSON. `--rows` people are in the tenant, 200 tenants of 1,000 beside it. Each is a
 * multiple of `GET /me`, asked in turn with it: who is signed in, a row or two. What `select 1` takes in the same run stands in
 * the settings.
 */
export async function measure({ rows, runs }: Options): Promise<Figure[]> {
  const muster = await embeddedMuster();
  try {
    const owner = await setUpTenant(muster, "bench");
    const [tenant] = await muster.query<{ id: string; version: string }>(
      "select id, current_setting('server_version') as version from tenants",
    );
    if (!tenant) throw new Error("There is no tenant.");
    await fill(muster, tenant.id, rows);
    const groups = await muster.query<{ id: string }>(
      "select id from groups where tenant_id = $1 order by name_key limit 10",
      [tenant.id],
    );
    const ids = { groupId: groups[0]?.id ?? "", importId: tenant.id };
    const besides = `${neighbours} tenants of ${ofNeighbour}`;
    const settings = { rows, runs, postgres: tenant.version, besides };
    const figure = (name: keyof typeof bars, addresses: readonly string[]) =>
      figureOf({ muster, owner, name, runs, settings }, addresses);
    const pages = (queries: readonly Query[]) => queries.map(inAddress("/users"));
    const counts = (queries: readonly Query[]) => queries.map(inAddress("/users/counts"));
    const ofGroups = groups.map(({ id }) => ({ groupId: id }));
    return [
      await figure("users.list", pages([{}])),
      await figure("users.sort", pages(userSorts.map((sort) => ({ sort })))),
      await figure("users.filter", pages(userFilters(ids))),
      await figure("users.search", pages(searchedWords.map((search) => ({ search })))),
      await figure("users.count", counts(countedAtOnce)),
      await figure("users.count_combined", counts(countedFilters(ids))),
      await figure("groups.list", ["/groups"]),
      await figure("groups.members", pages(ofGroups)),
      await figure("groups.members_count", counts(ofGroups)),
    ];
  } finally {
    await muster.stop();
  }
}

async function fill(muster: MusterProcess, tenantId: string, rows: number) {
  for (const id of [tenantId, ...Array.from({ length: neighbours }, () => uuid())]) {
    await muster.query("begin");
    await muster.query(
      "insert into tenants (id, slug, name) values ($1::uuid, $1::text, $1::text) on conflict do nothing",
      [id],
    );
    await addManyPeople(muster, id, id === tenantId ? rows : ofNeighbour);
    await muster.query("commit");
  }
  await muster.query("vacuum analyze");
}

type Measured = {
  muster: MusterProcess;
  owner: PortalClient;
  name: keyof typeof bars;
  runs: number;
  settings: Figure["settings"];
};

async function figureOf({ muster, owner, name, runs, settings }: Measured, addresses: readonly string[]) {
  const times = { smallest: [] as number[], asked: [] as number[], query: [] as number[] };
  for (const address of addresses) {
    const calls = {
      smallest: () => get(owner, "/me"),
      asked: () => get(owner, address),
      query: () => muster.query("select 1"),
    };
    // The first requests of a process are slower than all others.
    await sample(calls, { goOn: (rounds) => rounds < 10, pauseMs: 0 });
    const taken = await sample(calls, { goOn: (rounds) => rounds < runs * 4, pauseMs: 0 });
    for (const call of ["smallest", "asked", "query"] as const) times[call].push(...taken[call]);
  }
  const ms = (time: number) => `${(time * 1000).toFixed(1)} ms`;
  return compare(
    { figure: name, bar: bars[name] },
    { ours: times.asked, limit: times.smallest },
    {
      ...settings,
      asked: times.asked.length,
      p50: ms(median(times.asked)),
      p99: ms(p99(times.asked)),
      query: ms(median(times.query)),
    },
  );
}

type Query = UserFilter & { sort?: string };

const inAddress = (path: string) => (query: Query) => {
  const given = Object.entries(query).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : String(value),
  ]);
  return `${path}?${new URLSearchParams(given)}`;
};

async function get(owner: PortalClient, path: string) {
  const { status } = await owner.call("GET", path);
  if (status !== 200) throw new Error(`${path} answered ${status}.`);
}
