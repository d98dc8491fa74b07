import { after, idsSource, type SqlSource } from "#server/platform/db/sql-source.ts";
import { filterSql, type UserFilter } from "./filter-sql.ts";

/** These users; or everybody who matches, but some. */
export type UserSelection = { ids: readonly string[] } | { filter: UserFilter; excluded: readonly string[] };

const columns = "u.id as user_id, u.status, u.role, u.last_sign_in_at, u.mail_failed_at";

/** The selected users that there are: their ids (`user_id`) and what is decided by. Thousands never leave the database. */
export function selectedUsersSql(selection: UserSelection): SqlSource {
  if ("ids" in selection) return usersAmongSql(idsSource(selection.ids));
  const values: unknown[] = [null];
  const matching = {
    sql: `select ${columns} from users u where ${filterSql(selection.filter, values).join(" and ")}`,
    values: values.slice(1),
  };
  if (selection.excluded.length === 0) return matching;
  return {
    sql: `${matching.sql} and u.id <> all(${after(matching, 1)}::uuid[])`,
    values: [...matching.values, selection.excluded],
  };
}

/** The users there are among the source's (`user_id`). */
export const usersAmongSql = ({ sql, values }: SqlSource): SqlSource => ({
  sql: `select ${columns} from users u
         where u.tenant_id = $1 and u.deleted_at is null and u.id = any(array(${sql}))`,
  values,
});
