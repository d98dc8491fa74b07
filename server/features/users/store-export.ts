import type { Context } from "#server/context.ts";
import { lookingUp } from "#server/platform/db/looking-up.ts";
import type { UserRow } from "./store.ts";
import { selectionSql, type UserSelection } from "./store-selection.ts";

export type ExportedUser = Pick<
  UserRow,
  | "id"
  | "email"
  | "first_name"
  | "last_name"
  | "role"
  | "status"
  | "language"
  | "created_at"
  | "last_sign_in_at"
  | "has_factor"
> & { groups: string[] };

type Page = { after: string; limit: number };

/**
 * Users in the order in which they were added. Not by name: that may change between two pages, and whoever it belongs to
 * would then be missing or there twice. Everybody is looked at once in all, however many of them match: to find those who
 * match anew for every page would take the square of their number.
 */
export function listExportedUsers({ tx, tenantId }: Context, whom: UserSelection, { after, limit }: Page) {
  const values: unknown[] = [tenantId];
  const where = selectionSql(whom, values, "walk");
  values.push(after, limit);
  const sql = `select u.id, u.email, u.first_name, u.last_name, u.role, u.status, u.language, u.created_at, u.last_sign_in_at, u.has_factor,
            array(select g.name from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
                   where m.tenant_id = $1 and m.user_id = u.id order by g.order_key, g.name_key collate "C") as groups
       from users u
      where ${where.join(" and ")} and u.id > $${values.length - 1}::uuid
      order by u.id limit $${values.length}`;
  return lookingUp(tx, () => tx.rows<ExportedUser>(sql, values));
}
