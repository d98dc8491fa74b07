import type { Role } from "#server/permissions.ts";
import { membersSql } from "../groups/store-member-counts.ts";
import { foundSql, matchesSql, searchWords, type Value } from "./search-sql.ts";
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

/** Nothing is asked for. */
export const isEverybody = (filter: UserFilter) =>
  Object.values(filter).every((part) => part === undefined || part === "");

/** What stands beside the users is asked for: a group, an import, an invitation, an email. */
export const asksElsewhere = ({ groupId, invitationExpired, mailFailed, importId }: UserFilter) =>
  Boolean(groupId || invitationExpired || mailFailed || importId);

/** That alone is asked for. */
export const isToldElsewhere = (filter: UserFilter) => {
  const { groupId, invitationExpired, mailFailed, importId, ...others } = filter;
  return asksElsewhere(filter) && isEverybody(others);
};

/**
 * `all`: everybody who matches is wanted; each condition is an index range under row-level security, or joins one. `walk`:
 * the users come in some order and are tested one by one until there are enough; nothing is looked up for the others.
 */
export type Manner = "all" | "walk";

/** Conditions on `users u`, of the tenant whose id is `$1`; their values are added to `values`. The first two say that it is one of its users. */
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

/** Says nothing, and has everybody found in the index by status, which has who they are without their rows. */
export const ofAnyStatus = "u.status in ('active', 'invited', 'suspended')";

/**
 * The index has it after the status: of any status that is a range of each. Where something else narrows the users too, its
 * own index leads to fewer of them.
 */
function factorSql({ secondFactor, ...others }: UserFilter, manner: Manner): string {
  const ranges = isEverybody(others) && manner === "all" ? ` and ${ofAnyStatus}` : "";
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

/** Of whom one thing alone tells: their ids (`id`), and how many they are (`people`), where that is known without these. */
export type ToldAlone = { sql: string; people?: string };

/**
 * Where nothing but a group, an invitation that ran out or a search tells of the users; undefined where more does. There is
 * nobody among them who has been deleted: these lose their memberships, links and words.
 */
export function toldAloneSql(filter: UserFilter, values: unknown[]): ToldAlone | undefined {
  const { groupId, invitationExpired, search, ...others } = filter;
  const sought = searchWords(search);
  const telling = [groupId, invitationExpired, sought].filter(Boolean).length;
  if (telling !== 1 || !isEverybody(others)) return undefined;
  const value: Value = (given) => `$${values.push(given)}`;
  if (sought) return { sql: foundSql(sought, value) };
  const [told] = elsewhereSql(filter, value);
  if (!told) return undefined;
  const sql = `select e.user_id as id from ${told.table} e where e.tenant_id = $1 and ${told.where}`;
  return groupId ? { sql, people: membersSql(value(groupId)) } : { sql };
}

/** Of those walked by it is a look-up each, where the statement says so (`lookingUp`). */
const amongSql = ({ table, where }: Elsewhere, manner: Manner) =>
  manner === "all"
    ? `u.id in (select e.user_id from ${table} e where e.tenant_id = $1 and ${where})`
    : `exists (select from ${table} e where e.tenant_id = $1 and e.user_id = u.id and ${where})`;
