import { manageableRoles, type Role } from "#server/permissions.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import type { BulkActionName } from "./contract.ts";

/** What is to be done: the action and, where it is about groups, which. */
export type BulkWork = { action: BulkActionName; groupIds: readonly string[] };

/** Who does it. */
export type ActingUser = { id: string; role: Role };

const yourself = "when u.id = actor.id then 'yourself'";
const badMail = "when u.mail_failed_at is not null then 'mail_failed'";

/** The reasons of each action to leave somebody alone, and when there is nothing to do for them. */
const rules: Record<BulkActionName, { refused: string; unchanged: string }> = {
  add_to_groups: { refused: "", unchanged: "has.groups = cardinality(actor.group_ids)" },
  remove_from_groups: { refused: "", unchanged: "has.groups = 0" },
  suspend: { refused: yourself, unchanged: "u.status = 'suspended'" },
  reactivate: { refused: "", unchanged: "u.status <> 'suspended'" },
  resend_invitation: {
    refused: `when u.status <> 'invited' then 'not_invited' ${badMail}`,
    unchanged: "false",
  },
  send_password_link: {
    refused: `when u.status <> 'active' then 'not_active' ${badMail}`,
    unchanged: "false",
  },
  delete: { refused: yourself, unchanged: "false" },
};

export const isOfGroups = ({ action }: BulkWork) =>
  action === "add_to_groups" || action === "remove_from_groups";

/**
 * What becomes of each of the source's users (`user_id`): `reason` where they are refused, by the same rules as when one
 * user is changed, `unchanged` where they are so already. Who suspends or deletes is an active owner where owners are
 * meant, and stays: there is always an owner left.
 */
export function classifiedSql(
  work: BulkWork,
  actor: ActingUser,
  people: SqlSource,
  look: "at all" | "at refusals" = "at all",
): SqlSource {
  const { refused, ...rule } = rules[work.action];
  const unchanged = look === "at all" ? rule.unchanged : "false";
  const [id, roles, groups] = [1, 2, 3].map((k) => after(people, k));
  // By the primary keys, people and memberships alike: without statistics, right after an import, joins would be loops in loops.
  const has = `cross join lateral (select count(*) as groups from memberships m
      where m.tenant_id = $1 and m.user_id = u.id and m.group_id = any(${groups}::uuid[])) has`;
  return {
    sql: `with selected as materialized (${people.sql})
          select u.id as user_id, u.status, u.role, u.last_sign_in_at,
                 case when u.id <> actor.id and u.role <> all(actor.roles) then 'above' ${refused} end as reason,
                 ${unchanged} as unchanged
            from (select ${id}::uuid as id, ${roles}::text[] as roles, ${groups}::uuid[] as group_ids) actor
           cross join users u ${isOfGroups(work) && look === "at all" ? has : ""}
           where u.tenant_id = $1 and u.deleted_at is null
             and u.id = any(array(select user_id from selected))`,
    values: [...people.values, actor.id, manageableRoles(actor.role), work.groupIds],
  };
}
