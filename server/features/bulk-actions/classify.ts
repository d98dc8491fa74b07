import { manageableRoles, type Role } from "#server/permissions.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import { unmetSql } from "../users/store-unmet.ts";
import type { BulkActionName, BulkVerb } from "./contract.ts";

/** What is to be done: the action and, where it is about groups, which. */
export type BulkWork = {
  action: BulkActionName;
  groupIds: readonly string[];
  /** It takes another action back: emails that waited before that go on waiting. */
  undoing?: true;
  /** Where it is being done: in which batch of which action it is written down whom it changed. */
  batch?: { actionId: string; no: number };
};

/** Who does it. */
export type ActingUser = { id: string; role: Role };

const yourself = "when u.user_id = actor.id then 'yourself'";
const notInvited = "when u.status <> 'invited' then 'not_invited'";
const badMail = "when u.mail_failed_at is not null then 'mail_failed'";
/** A look-up for each by key: a join would be a loop in a loop right after an import, and a million links fit into no hash. */
const openInvitation = `exists (select from links l
  where l.tenant_id = $1 and l.user_id = u.user_id and l.purpose = 'invitation' and l.used_at is null and l.revoked_at is null offset 0)`;

/** The reasons of each action to leave somebody alone, and when there is nothing to do for them. */
const rules: Record<BulkActionName, { refused: string; unchanged: string }> = {
  add_to_groups: {
    refused: "",
    unchanged: "u.user_id in (select user_id from has where groups = cardinality(actor.group_ids))",
  },
  remove_from_groups: { refused: "", unchanged: "u.user_id not in (select user_id from has)" },
  suspend: { refused: yourself, unchanged: "u.status = 'suspended'" },
  reactivate: { refused: "", unchanged: "u.status <> 'suspended'" },
  resend_invitation: { refused: `${notInvited} ${badMail}`, unchanged: "false" },
  revoke_invitation: { refused: notInvited, unchanged: `u.status = 'invited' and not ${openInvitation}` },
  send_password_link: {
    refused: `when u.status <> 'active' then 'not_active' ${badMail}`,
    unchanged: "false",
  },
  clear_mail_failure: { refused: "", unchanged: "u.mail_failed_at is null" },
  delete: { refused: yourself, unchanged: "false" },
};

const unmet = unmetSql("selected where status = 'suspended'");

/** Who is sent an email by it. */
const emailed: Partial<Record<BulkActionName, string>> = {
  reactivate: unmet.isUnmet,
  resend_invitation: "true",
  send_password_link: "true",
};

export const isOfGroups = ({ action }: { action: BulkVerb }) =>
  action === "add_to_groups" || action === "remove_from_groups";

/**
 * What becomes of each of the source's users (rows as `selectedUsersSql` has them): `reason` where they are refused, by the same
 * rules as when one user is changed, `unchanged` where they are so already, `emailed` where they
 * are sent something if neither. Who suspends or deletes is an active owner where owners are meant, and stays: there is
 * always an owner left.
 *
 * Memberships are found by their key and looked up in a hash, never joined: right after an import there are no statistics,
 * and a join of hundreds of thousands would be a loop in a loop.
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
  const has = `, has as materialized (
            select m.user_id, count(*) as groups from memberships m
             where m.tenant_id = $1 and m.group_id = any(${groups}::uuid[]) and m.user_id = any(array(select user_id from selected))
             group by m.user_id)`;
  return {
    sql: `with selected as materialized (${people.sql})${isOfGroups(work) && look === "at all" ? has : ""}${work.action === "reactivate" ? `, ${unmet.parts}` : ""}
          select u.user_id, u.status, u.role,
                 case when u.user_id <> actor.id and u.role <> all(actor.roles) then 'above' ${refused} end as reason,
                 ${unchanged} as unchanged, ${emailed[work.action] ?? "false"} as emailed
            from (select ${id}::uuid as id, ${roles}::text[] as roles, ${groups}::uuid[] as group_ids) actor
           cross join selected u`,
    values: [...people.values, actor.id, manageableRoles(actor.role), work.groupIds],
  };
}
