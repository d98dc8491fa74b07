import type { Context } from "#server/context.ts";
import { lookingUp } from "#server/platform/db/looking-up.ts";
import { asksElsewhere, filterSql, isEverybody, isToldElsewhere, type UserFilter } from "./filter-sql.ts";
import { firstFoundSql, searchWords } from "./search-sql.ts";
import { type UserRow, userColumns } from "./store.ts";
import { howManyMatch } from "./store-counts.ts";
import { findUserIds } from "./store-search.ts";

/** What a list is sorted by: a stored column with an index led by the tenant, then the id. */
const sortKeys = {
  name: { column: "name_key", type: "text" },
  email: { column: "email_key", type: "text" },
  created: { column: "created_at", type: "timestamptz" },
  lastSignIn: { column: "last_sign_in_at", type: "timestamptz" },
} as const;
export type SortKey = keyof typeof sortKeys;
export type Sort = { by: SortKey; descending: boolean };

/** The row a page begins after (`next`) or ends before (`previous`): its key as text, null where it has none. */
export type From = { direction: "next" | "previous"; key: string | null; id: string };
export type UserPage = { sort?: Sort; from?: From; limit: number };
/** With what it is sorted by, for the cursor. */
export type ListedRow = UserRow & { sort_key: string | null };

/** For each user wanted so many are tested one by one at first; from these it is told how far there is to go. */
const firstSteps = ({ groupId }: UserFilter) => (groupId ? 30 : 10);
const mostSteps = 600;
/** How far there is to go is known only about so: some more steps are gone, and none of them once there are enough. */
const margin = 3;
/** A search that finds no more than so many is answered from their ids. */
const fewFound = 2_000;

/**
 * Users in some order, one more than `limit` where there are more; backwards for `previous`. Whoever never signed in comes
 * before everybody who did, and after them in descending order.
 */
export async function listUserRows(ctx: Context, filter: UserFilter, page: UserPage): Promise<ListedRow[]> {
  const found: ListedRow[] = [];
  for (const part of partsOf(page)) {
    const wanted = page.limit + 1 - found.length;
    if (wanted > 0) found.push(...(await readPart(ctx, filter, { ...part, wanted })));
  }
  return found;
}

/** The ids of whom a search finds, where they are few. */
async function fewIds(ctx: Context, { search }: UserFilter): Promise<string[] | undefined> {
  const found = await findUserIds(ctx, search, fewFound + 1);
  return found && found.length > fewFound ? undefined : found;
}

/** A range of an index and its order. */
type Part = {
  by: SortKey;
  backwards: boolean;
  missing?: boolean;
  after?: { key: string | null; id: string } | undefined;
};

function partsOf({ sort = { by: "name", descending: false }, from }: UserPage): Part[] {
  const backwards = sort.descending !== (from?.direction === "previous");
  const range = { by: sort.by, backwards };
  const after = from && { key: from.key, id: from.id };
  if (sort.by !== "lastSignIn") return [{ ...range, ...(after && { after }) }];
  const parts = [
    { ...range, missing: true },
    { ...range, missing: false },
  ];
  if (backwards) parts.reverse();
  if (!after) return parts;
  const at = parts.findIndex((part) => part.missing === (after.key === null));
  return parts.slice(at).map((part, n) => (n === 0 ? { ...part, after } : part));
}

type WantedPart = Part & { wanted: number };

/**
 * Where many match, the first of them are soon met by walking along the order; where few do, all of them are found and
 * sorted. Of some filters it is known how many match. Of the others nobody knows beforehand, the planner least of all where two
 * conditions go together: a few steps tell.
 */
async function readPart(ctx: Context, filter: UserFilter, part: WantedPart): Promise<ListedRow[]> {
  if (isEverybody(filter)) return walk(ctx, filter, { ...part, steps: part.wanted });
  const known = await howManyMatch(ctx, filter);
  const steps = known ? stepsTo(part.wanted, known) : await tryFew(ctx, filter, part);
  if (typeof steps !== "number") return steps;
  if (steps > 0) {
    const met = await walk(ctx, filter, { ...part, steps });
    if (met.length === part.wanted) return met;
  }
  if (isSearchAlone(filter) && part.by === "name") return firstFound(ctx, filter, part);
  const among = await fewIds(ctx, filter);
  return gather(ctx, among ? { filter: { ...filter, search: undefined }, among } : { filter }, part);
}

/** How far to walk for so many, with room; none where all who match are fewer than the steps there would be. */
function stepsTo(wanted: number, { matching, all }: { matching: number; all: number }): number {
  const expected = (wanted * all) / matching;
  return expected > matching ? 0 : Math.ceil(margin * expected);
}

/** So many as are wanted, where a few steps meet them; or how far to walk for them, none where that would be too far. */
async function tryFew(ctx: Context, filter: UserFilter, part: WantedPart): Promise<ListedRow[] | number> {
  const steps = firstSteps(filter) * part.wanted;
  const met = await walk(ctx, filter, { ...part, steps });
  if (met.length === part.wanted) return met;
  const toGo = margin * Math.ceil((steps * part.wanted) / Math.max(met.length, 1));
  return toGo <= mostSteps * part.wanted ? toGo : 0;
}

const isSearchAlone = ({ search, ...others }: UserFilter) => Boolean(search) && isEverybody(others);

/** What stands beside the users is asked for along the index alone: of whom it does not tell the row is not read. */
function walk({ tx, tenantId }: Context, filter: UserFilter, part: WantedPart & { steps: number }) {
  const values: unknown[] = [tenantId];
  const read = isToldElsewhere(filter) ? `u.id, u.${sortKeys[part.by].column}` : "*";
  const along = `select ${read} from users u where u.tenant_id = $1 and u.deleted_at is null and ${rangeSql(part, values)}
    order by ${orderSql(part)} limit ${part.steps}`;
  const [, , ...asked] = filterSql(filter, values, "walk");
  const first = `(${along}) u where ${asked.join(" and ") || "true"} order by ${orderSql(part)} limit ${part.wanted}`;
  const sql =
    read === "*"
      ? `select ${columnsOf(part)} from ${first}`
      : `select ${columnsOf(part)} from (select u.id from ${first}) f join users u on u.tenant_id = $1 and u.id = f.id
          order by ${orderSql(part)}`;
  const found = () => tx.rows<ListedRow>(sql, values);
  return asksElsewhere(filter) ? lookingUp(tx, found) : found();
}

type Sought = { filter: UserFilter; among?: string[] };

/** `offset 0`: the planner is told that all of them are wanted, and does not walk along the order after all. */
function gather({ tx, tenantId }: Context, { filter, among }: Sought, part: WantedPart) {
  const values: unknown[] = [tenantId];
  const where = [...filterSql(filter, values), rangeSql(part, values)];
  if (among) where.push(`u.id = any($${values.push(among)}::uuid[])`);
  return tx.rows<ListedRow>(
    `select ${columnsOf(part)} from (select * from users u where ${where.join(" and ")} offset 0) u
      order by ${orderSql(part)} limit ${part.wanted}`,
    values,
  );
}

/** By name, of those that a search finds. */
function firstFound({ tx, tenantId }: Context, { search }: UserFilter, part: WantedPart) {
  const sought = searchWords(search);
  if (!sought) return [];
  const values: unknown[] = [tenantId];
  const { backwards, after, wanted } = part;
  const first = firstFoundSql(sought, (given) => `$${values.push(given)}`, {
    backwards,
    after,
    atMost: wanted,
  });
  return tx.rows<ListedRow>(
    `select ${columnsOf(part)} from users u
      where u.tenant_id = $1 and u.deleted_at is null and u.id = any(array(${first}))
      order by ${orderSql(part)} limit ${wanted}`,
    values,
  );
}

const columnsOf = ({ by }: Part) => `${userColumns}, u.${sortKeys[by].column}::text as sort_key`;

function rangeSql({ by, backwards, missing, after }: Part, values: unknown[]): string {
  const { column, type } = sortKeys[by];
  const beyond = backwards ? "<" : ">";
  const ranges: string[] = [];
  if (missing !== undefined) ranges.push(`u.${column} is ${missing ? "" : "not"} null`);
  if (after && after.key === null) ranges.push(`u.id ${beyond} $${values.push(after.id)}::uuid`);
  if (after && after.key !== null) {
    ranges.push(
      `(u.${column}, u.id) ${beyond} ($${values.push(after.key)}::${type}, $${values.push(after.id)}::uuid)`,
    );
  }
  return ranges.join(" and ") || "true";
}

/** Of dates that may be missing the index has the missing ones first. */
function orderSql({ by, backwards, missing }: Part): string {
  const direction = backwards ? " desc" : "";
  const nulls = missing === false ? ` nulls ${backwards ? "last" : "first"}` : "";
  return missing ? `u.id${direction}` : `u.${sortKeys[by].column}${direction}${nulls}, u.id${direction}`;
}
