import { userSorts } from "#server/features/users/contract.ts";
import type { UserFilter } from "#server/features/users/filter-sql.ts";
import { embeddedMuster } from "#tests/support/embedded-muster.ts";
import { type PortalClient, setUpTenant } from "#tests/support/portal-client.ts";
import { compare, type Figure, type Options } from "./support/figure.ts";
import { addManyPeople } from "./support/many-people.ts";
import { percentile } from "./support/million.ts";
import { sample } from "./support/sample.ts";
import { median } from "./support/time.ts";
import { searchedWords, userFilters } from "./support/user-questions.ts";

export const about =
  "The list of users of a tenant of a million over HTTP, against the smallest signed-in request to the same server.";
export const bars = {
  "users.served": 5,
  "users.served.sort": 5,
  "users.served.filter": 5,
  "users.served.search": 5,
  "groups.served": 5,
};
export const usual = { rows: 1_000_000, runs: 5 };

/**
 * A page of 50 as an administrator's browser gets it from the real server, a process of its own: session, permission, page with
 * groups, invitations and emails, JSON. Each is a multiple of `GET /me`, asked in turn with it: who is signed in, a row or two.
 */
export async function measure({ rows, runs }: Options): Promise<Figure[]> {
  const muster = await embeddedMuster();
  try {
    const owner = await setUpTenant(muster, "bench");
    const [tenant] = await muster.query<{ id: string; version: string }>(
      "select id, current_setting('server_version') as version from tenants",
    );
    if (!tenant) throw new Error("There is no tenant.");
    await muster.query("begin");
    await addManyPeople(muster, tenant.id, rows);
    await muster.query("commit");
    await muster.query("vacuum analyze");
    const groups = await muster.query<{ id: string }>("select id from groups order by name_key limit 10");
    const [{ id: groupId } = { id: "" }] = groups;
    const settings = { rows, runs, postgres: tenant.version };
    const figure = (name: keyof typeof bars, queries: readonly Query[]) =>
      servedFigure({ owner, name, runs, settings }, queries);
    return [
      await figure("users.served", [{}]),
      await figure(
        "users.served.sort",
        userSorts.map((sort) => ({ sort })),
      ),
      await figure("users.served.filter", userFilters({ groupId, importId: tenant.id })),
      await figure(
        "users.served.search",
        searchedWords.map((search) => ({ search })),
      ),
      await figure(
        "groups.served",
        groups.map(({ id }) => ({ groupId: id })),
      ),
    ];
  } finally {
    await muster.stop();
  }
}

type Query = UserFilter & { sort?: string };
type Served = { owner: PortalClient; name: keyof typeof bars; runs: number; settings: Figure["settings"] };

async function servedFigure({ owner, name, runs, settings }: Served, queries: readonly Query[]) {
  const ours: number[] = [];
  const limit: number[] = [];
  for (const query of queries) {
    const calls = { bare: () => get(owner, "/me"), page: () => get(owner, `/users?${inAddress(query)}`) };
    // The first requests of a process are slower than all others.
    await sample(calls, { goOn: (rounds) => rounds < 10, pauseMs: 0 });
    const times = await sample(calls, { goOn: (rounds) => rounds < runs * 4, pauseMs: 0 });
    ours.push(...times.page);
    limit.push(...times.bare);
  }
  const ms = (time: number) => `${(time * 1000).toFixed(1)} ms`;
  const asked = { asked: ours.length, p50: ms(median(ours)), p99: ms(percentile(ours, 99)) };
  return compare({ figure: name, bar: bars[name] }, { ours, limit }, { ...settings, ...asked });
}

const inAddress = (query: Query) => {
  const given = Object.entries(query).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : String(value),
  ]);
  return new URLSearchParams([...given, ["limit", "50"]]);
};

async function get(owner: PortalClient, path: string) {
  const { status } = await owner.call("GET", path);
  if (status !== 200) throw new Error(`${path} answered ${status}.`);
}
