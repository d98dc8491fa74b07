import type { SqlSource } from "#server/platform/db/sql-source.ts";
import { filterSql, type Manner, type UserFilter } from "./filter-sql.ts";

/** These users; or everybody who matches, but some. */
export type UserSelection = { ids: readonly string[] } | { filter: UserFilter; excluded: readonly string[] };

const columns = "u.id as user_id, u.status, u.role, u.last_sign_in_at, u.mail_failed_at";

/** Conditions on `users u`, of the tenant whose id is `$1`; their values are added to `values`. */
export function selectionSql(selection: UserSelection, values: unknown[], manner: Manner = "all"): string[] {
  const ids = (given: readonly string[]) => `($${values.push(given)}::uuid[])`;
  if ("ids" in selection) return [...filterSql({}, values, manner), `u.id = any${ids(selection.ids)}`];
  const matching = filterSql(selection.filter, values, manner);
  return selection.excluded.length === 0 ? matching : [...matching, `u.id <> all${ids(selection.excluded)}`];
}

/** The selected users that there are: their ids (`user_id`) and what is decided by. Thousands never leave the database. */
export function selectedUsersSql(selection: UserSelection): SqlSource {
  const values: unknown[] = [null];
  const where = selectionSql(selection, values).join(" and ");
  return { sql: `select ${columns} from users u where ${where}`, values: values.slice(1) };
}

/** The users there are among the source's (`user_id`). */
export const usersAmongSql = ({ sql, values }: SqlSource): SqlSource => ({
  sql: `select ${columns} from users u
         where u.tenant_id = $1 and u.deleted_at is null and u.id = any(array(${sql}))`,
  values,
});
