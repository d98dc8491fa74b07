import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import { joiningWhole } from "#server/platform/db/joining-whole.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { membersSql } from "../groups/store-member-counts.ts";
import {
  asksElsewhere,
  filterSql,
  isEverybody,
  type Manner,
  ofAnyStatus,
  toldAloneSql,
  type UserFilter,
} from "./filter-sql.ts";
import { matchesSql, partPatterns, searchWords } from "./search-sql.ts";
import type { UserStatus } from "./store.ts";
import { findUserIds } from "./store-search.ts";
import { selectedUsersSql, type UserSelection } from "./store-selection.ts";

/** Whom a search finds are looked at one by one where there are no more. */
const fewFound = 5_000;
/** Of so many people, the first by name, it is told whether a search finds a good part of everybody. */
const sampled = 500;
const goodPart = 1 / 3;

/** How many people there are of each status. */
type ByStatus = Record<UserStatus, number>;
type Counted = { status: UserStatus; people: number };

const changesSql = (sign: "-" | "+") =>
  `insert into user_counts (tenant_id, id, status, role, signed_in, has_factor, people)
   select $1::uuid, $2::uuid, status, role, last_sign_in_at is not null, has_factor, (${sign} count(*))::int from users
    where tenant_id = $1 and id = any($3::uuid[]) and deleted_at is null group by 3, 4, 5, 6`;

/**
 * Changes users that this transaction has locked, and keeps the counts: what they were is taken off, what they are is added.
 * Only rows are added, so that nobody waits for anybody; what there is in a tenant is their sum.
 */
export async function recounting<T>(
  { tx, tenantId }: Context,
  userIds: readonly string[],
  change: () => Promise<T>,
) {
  await tx.run(changesSql("-"), [tenantId, uuid(), userIds]);
  const changed = await change();
  await tx.run(changesSql("+"), [tenantId, uuid(), userIds]);
  return changed;
}

/**
 * How many users match, exactly. Of everybody, of a role, of those who never signed in and of those with or without a second
 * factor it is a sum of a few rows, whatever their number; anything else is counted, which takes the longer the more match.
 */
export async function countUserRows(ctx: Context, filter: UserFilter) {
  const counts = byStatus(await countRows(ctx, filter));
  return { all: counts.invited + counts.active + counts.suspended, ...counts };
}

/** How many users are selected, exactly. */
export async function countSelected(ctx: Context, whom: UserSelection): Promise<number> {
  if ("filter" in whom && whom.excluded.length === 0) return (await countUserRows(ctx, whom.filter)).all;
  const { sql, values } = selectedUsersSql(whom);
  const row = await ctx.tx.row<{ people: number }>(`select count(*)::int as people from (${sql}) s`, [
    ctx.tenantId,
    ...values,
  ]);
  return row?.people ?? 0;
}

async function countRows(ctx: Context, filter: UserFilter): Promise<Counted[]> {
  const { status, role, neverSignedIn, secondFactor, ...told } = filter;
  if (isEverybody(told)) return sumCounts(ctx, filter);
  if (!asksElsewhere(told) && (await isBroad(ctx, told.search)))
    return countMatching(ctx, filter, { manner: "walk" });
  const few = await findUserIds(ctx, told.search, fewFound + 1);
  if (few && few.length <= fewFound)
    return countMatching(ctx, { ...filter, search: undefined }, { among: few });
  if (role || neverSignedIn || secondFactor) return countMatching(ctx, filter);
  const counted = await countTold(ctx, told);
  if (!counted) return countMatching(ctx, filter);
  return counted.filter((one) => !status || one.status === status);
}

/** Of a row of `user_counts`; the values stand from `$2` on. */
const summedSql = `($2::text is null or status = $2) and ($3::text is null or role = $3)
        and (not $4 or not signed_in) and ($5::boolean is null or has_factor = $5)`;
const summedValues = ({ status, role, neverSignedIn, secondFactor }: UserFilter) => [
  status ?? null,
  role ?? null,
  neverSignedIn ?? false,
  secondFactor === undefined ? null : secondFactor === "set_up",
];

const sumCounts = ({ tx, tenantId }: Context, filter: UserFilter) =>
  tx.rows<Counted>(
    `select status, sum(people)::int as people from user_counts where tenant_id = $1 and ${summedSql} group by status`,
    [tenantId, ...summedValues(filter)],
  );

/** How many match of how many, where there are sums of it: of a group, or of what the users are counted by. */
export async function howManyMatch({ tx, tenantId }: Context, filter: UserFilter) {
  const { groupId, status, role, neverSignedIn, secondFactor, ...others } = filter;
  const counted = status || role || neverSignedIn || secondFactor;
  if (!isEverybody(others) || (groupId && counted)) return undefined;
  const matching = groupId ? membersSql("$2") : `coalesce(sum(people) filter (where ${summedSql}), 0)::int`;
  return tx.row<{ matching: number; all: number }>(
    `select coalesce(sum(people), 0)::int as "all", ${matching} as matching from user_counts where tenant_id = $1`,
    [tenantId, ...(groupId ? [groupId] : summedValues(filter))],
  );
}

/** How many users match, counted to `atMost` and one more: then there are more than that. */
export async function countAtMost({ tx, tenantId }: Context, filter: UserFilter, atMost: number) {
  const values: unknown[] = [tenantId];
  const where = filterSql(filter, values).join(" and ");
  const row = await tx.row<{ people: number }>(
    `select count(*)::int as people from (select from users u where ${where} limit ${atMost + 1}) u`,
    values,
  );
  return row?.people ?? 0;
}

/** Of people whom one thing alone tells those of the commonest status are not looked at: they are all the others. */
async function countTold(ctx: Context, filter: UserFilter): Promise<Counted[] | undefined> {
  const { tx, tenantId } = ctx;
  const values: unknown[] = [tenantId];
  const told = toldAloneSql(filter, values);
  if (!told) return undefined;
  const there = byStatus(await sumCounts(ctx, {}));
  const [commonest = "active", ...others] = (Object.keys(there) as UserStatus[]).sort(
    (a, b) => there[b] - there[a],
  );
  const count = () =>
    tx.rows<{ status: UserStatus | null; people: number }>(
      `with told as (${told.sql})
     select null as status, ${told.people ?? "(select count(*)::int from told)"} as people
     union all
     select u.status, count(*)::int from users u join told using (id)
      where u.tenant_id = $1 and u.deleted_at is null and u.status = any($${values.push(others)}) group by u.status`,
      values,
    );
  const rows = await (filter.search ? joiningWhole(tx, count) : count());
  const counted = rows.filter((row): row is Counted => row.status !== null);
  const all = rows.find(({ status }) => status === null)?.people ?? 0;
  return [
    ...counted,
    { status: commonest, people: counted.reduce((rest, { people }) => rest - people, all) },
  ];
}

/**
 * Whether looking at everybody is less work than finding: for beginnings of one or two letters, which are ranges of indexes, and
 * where a good part of all is found.
 */
async function isBroad({ tx, tenantId }: Context, search: string | undefined): Promise<boolean> {
  const sought = searchWords(search);
  if (!sought) return false;
  if (!partPatterns(sought)) return true;
  const values: unknown[] = [tenantId];
  const matches = matchesSql(sought, (given) => `$${values.push(given)}`);
  const row = await tx.row<{ broad: boolean }>(
    `select count(*) filter (where ${matches}) > ${goodPart} * count(*) as broad
       from (select * from users u where u.tenant_id = $1 and u.deleted_at is null order by u.name_key, u.id limit ${sampled}) u`,
    values,
  );
  return row?.broad ?? false;
}

type Way = { manner?: Manner; among?: readonly string[] };

function countMatching({ tx, tenantId }: Context, filter: UserFilter, { manner, among }: Way = {}) {
  const values: unknown[] = [tenantId];
  const where = filterSql(filter, values, manner);
  if (among) where.push(`u.id = any($${values.push(among)}::uuid[])`);
  if (filter.importId) where.push(ofAnyStatus);
  return tx.rows<Counted>(
    `select u.status, count(*)::int as people from users u where ${where.join(" and ")} group by u.status`,
    values,
  );
}

function byStatus(rows: readonly Counted[]): ByStatus {
  const of = (status: UserStatus) => rows.find((row) => row.status === status)?.people ?? 0;
  return { invited: of("invited"), active: of("active"), suspended: of("suspended") };
}

/** As the system role: tenants whose counts have become many rows. */
export const tenantsWithManyCounts = (tx: Tx) =>
  tx.rows<{ tenant_id: string }>(
    "select tenant_id from user_counts group by tenant_id having count(*) > 100",
  );

/** Folds a tenant's counts together; what is added meanwhile stays for the next time. */
export const foldCounts = ({ tx, tenantId }: Context) =>
  tx.run(
    `with gone as (delete from user_counts where tenant_id = $1 returning status, role, signed_in, has_factor, people)
     insert into user_counts (tenant_id, id, status, role, signed_in, has_factor, people)
     select $1::uuid, $2::uuid, status, role, signed_in, has_factor, sum(people)::int from gone
      group by status, role, signed_in, has_factor having sum(people) <> 0`,
    [tenantId, uuid()],
  );
