import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import { filterSql, type UserFilter } from "./filter-sql.ts";

/** These users; or everybody who matches, but some. */
export type UserSelection = { ids: readonly string[] } | { filter: UserFilter; excluded: readonly string[] };

/** The ids of the selected users (`user_id`) that there are. Thousands never leave the database. */
export function selectedUsersSql(selection: UserSelection): SqlSource {
  if ("ids" in selection) {
    return {
      sql: "select u.id as user_id from users u where u.tenant_id = $1 and u.deleted_at is null and u.id = any($2::uuid[])",
      values: [selection.ids],
    };
  }
  const values: unknown[] = [null];
  const matching = {
    sql: `select u.id as user_id from users u where ${filterSql(selection.filter, values).join(" and ")}`,
    values: values.slice(1),
  };
  if (selection.excluded.length === 0) return matching;
  return {
    sql: `${matching.sql} and u.id <> all(${after(matching, 1)}::uuid[])`,
    values: [...matching.values, selection.excluded],
  };
}
