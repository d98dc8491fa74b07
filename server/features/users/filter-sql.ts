import type { Role } from "#server/permissions.ts";
import { prefixRange } from "#server/platform/db/prefix-range.ts";
import { foldText } from "./person-name.ts";
import type { UserStatus } from "./store.ts";

/** Which users: every part that is given narrows further. */
export type UserFilter = {
  search?: string | undefined;
  status?: UserStatus | undefined;
  role?: Role | undefined;
  groupId?: string | undefined;
  /** Never signed in. */
  neverSignedIn?: true | undefined;
  /** Whether they have a second factor. */
  secondFactor?: "set_up" | "none" | undefined;
  /** Their invitation ran out, and they have not been invited again. */
  invitationExpired?: true | undefined;
  /** The last email that was sent to them failed. */
  mailFailed?: true | undefined;
  /** Made by this import. */
  importId?: string | undefined;
  /** Made at or after the one and before the other. */
  createdFrom?: Date | undefined;
  createdBefore?: Date | undefined;
};

/** What was typed, as it is compared with names and with addresses. */
export type SearchWords = { text: string; address: string; words: string[] };

/** Undefined where nothing is searched for. */
export function searchWords(search: string | undefined): SearchWords | undefined {
  const text = foldText(search ?? "")
    .replace(/[,\s]+/g, " ")
    .trim();
  if (!text) return undefined;
  const address = (search ?? "").trim().normalize("NFKC").toLowerCase();
  return { text, address, words: [...new Set(text.split(" "))] };
}

/** Parts are found from this length on: an index of groups of three letters finds nothing shorter. */
const partMinimum = 3;
/** `%word%`, or undefined where a word is too short to be found inside another. */
export const partPatterns = ({ words }: SearchWords): string[] | undefined =>
  words.some((word) => [...word].length < partMinimum) ? undefined : words.map(containing);

/** What a text with this in it is LIKE. */
export const containing = (word: string) => `%${word.replace(/[\\%_]/g, "\\$&")}%`;

type Value = (given: unknown) => string;

/**
 * `all`: everybody who matches is wanted; each condition is an index range under row-level security, or joins one. `walk`:
 * the users come in some order and are tested one by one until there are enough; nothing is looked up for the others.
 */
export type Manner = "all" | "walk";

/** Conditions on `users u`, of the tenant whose id is `$1`; their values are added to `values`. */
export function filterSql(filter: UserFilter, values: unknown[], manner: Manner = "all"): string[] {
  const value: Value = (given) => `$${values.push(given)}`;
  const where = ["u.tenant_id = $1", "u.deleted_at is null"];
  if (filter.status) where.push(`u.status = ${value(filter.status)}`);
  if (filter.role) where.push(roleSql(filter.role, value));
  if (filter.neverSignedIn) where.push("u.last_sign_in_at is null");
  if (filter.secondFactor) where.push(factorSql(filter, manner));
  if (filter.createdFrom) where.push(`u.created_at >= ${value(filter.createdFrom)}`);
  if (filter.createdBefore) where.push(`u.created_at < ${value(filter.createdBefore)}`);
  for (const users of elsewhereSql(filter, value)) where.push(amongSql(users, manner));
  const sought = searchWords(filter.search);
  if (sought) {
    where.push(
      manner === "all" ? `u.id = any(array(${foundSql(sought, value)}))` : matchesSql(sought, value),
    );
  }
  return where;
}

/** The small index of everybody who is more than a member is named in its own words. */
const roleSql = (role: Role, value: Value) =>
  `u.role = ${value(role)}${role === "member" ? "" : " and u.role <> 'member'"}`;

/**
 * The index has it after the status: of any status that is a range of each. Where something else narrows the users too, its
 * own index leads to fewer of them.
 */
function factorSql({ secondFactor, ...others }: UserFilter, manner: Manner): string {
  const alone = Object.values(others).every((part) => part === undefined || part === "");
  const ranges = alone && manner === "all" ? " and u.status in ('active', 'invited', 'suspended')" : "";
  return `${secondFactor === "none" ? "not " : ""}u.has_factor${ranges}`;
}

/** What another table tells of users: `select user_id from <table> e where …`. */
type Elsewhere = { table: string; where: string };

function elsewhereSql({ groupId, invitationExpired, mailFailed, importId }: UserFilter, value: Value) {
  const told: Elsewhere[] = [];
  if (groupId) told.push({ table: "memberships", where: `e.group_id = ${value(groupId)}` });
  if (importId) {
    told.push({
      table: "import_rows",
      where: `e.import_id = ${value(importId)} and e.existing_id is null
              and e.outcome in ('created', 'invited', 'suspended', 'kept')`,
    });
  }
  if (invitationExpired) {
    told.push({
      table: "links",
      where: `e.purpose = 'invitation' and e.used_at is null and e.revoked_at is null and e.expires_at <= ${value(new Date())}`,
    });
  }
  if (mailFailed) {
    told.push({
      table: "messages",
      where: `e.state in ('refused', 'bounced', 'expired') and not exists (select from messages n where n.tenant_id = $1 and n.user_id = e.user_id
                and (n.created_at, n.id) > (e.created_at, e.id) offset 0)`,
    });
  }
  return told;
}

/** `offset 0` keeps a look-up a look-up: the planner would read the whole table instead, for the few rows of a page. */
const amongSql = ({ table, where }: Elsewhere, manner: Manner) =>
  manner === "all"
    ? `u.id in (select e.user_id from ${table} e where e.tenant_id = $1 and ${where})`
    : `exists (select from ${table} e where e.tenant_id = $1 and e.user_id = u.id and ${where} offset 0)`;

const begins = (column: string, prefix: string, value: Value) => {
  const { from, to } = prefixRange(prefix);
  return `(${column} >= ${value(from)} and ${column} < ${value(to)})`;
};

const beginnings = ({ text, address }: SearchWords, value: Value) => [
  begins("name_key", text, value),
  begins("given_key", text, value),
  begins("email_key", address, value),
];

/** The ids of whom a search finds: names and addresses that begin with it, and those that have all its words in them. */
export function foundSql(sought: SearchWords, value: Value, atMost: number | null = null): string {
  const limit = atMost === null ? "" : `limit ${atMost}`;
  const parts = partPatterns(sought);
  return [
    ...beginnings(sought, value).map(
      (range) => `(select id from users where tenant_id = $1 and deleted_at is null and ${range} ${limit})`,
    ),
    ...(parts ? [`select app.search_users(${value(parts)}, ${atMost})`] : []),
  ].join(" union ");
}

/** Whether a search finds a user: the words of an address in other letters than these stand beside the user only. */
function matchesSql(sought: SearchWords, value: Value): string {
  const parts = partPatterns(sought);
  const either = beginnings(sought, value).map((range) => range.replaceAll(/(\w+_key)/g, "u.$1"));
  if (parts) {
    const patterns = value(parts);
    either.push(
      `case when octet_length(u.email) = char_length(u.email) then (u.given_key || ' ' || u.email_key) like all (${patterns})
            else exists (select from user_search s where s.tenant_id = $1 and s.user_id = u.id
                            and s.words like all (${patterns}) offset 0) end`,
    );
  }
  return `(${either.join(" or ")})`;
}
