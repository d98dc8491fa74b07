import type { Context } from "#server/context.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { countingSql } from "./store-member-counts.ts";

export type Membership = { userId: string; groupId: string };

/** Memberships held in memory, as a source. */
export const membershipSource = (memberships: readonly Membership[]): SqlSource => ({
  sql: "select * from unnest($2::uuid[], $3::uuid[]) m(user_id, group_id)",
  values: [memberships.map((m) => m.userId), memberships.map((m) => m.groupId)],
});

/** Does what a statement says that returns the `group_id` of each membership it changed, and counts them. Answers how many. */
async function change({ tx, tenantId }: Context, sign: "+" | "-", { sql, values }: SqlSource) {
  const row = await tx.row<{ changed: number }>(
    `with done as (${sql}), counted as (${countingSql("done", sign)}) select count(*)::int as changed from done`,
    [tenantId, ...values],
  );
  return row?.changed ?? 0;
}

/** Adds memberships (`user_id`, `group_id`) of users that this transaction made or holds, in groups that it holds. */
export const addMemberships = (ctx: Context, { sql, values }: SqlSource) =>
  change(ctx, "+", {
    sql: `insert into memberships (tenant_id, user_id, group_id) select $1, m.user_id, m.group_id from (${sql}) m
          on conflict do nothing returning group_id`,
    values,
  });

/** The first memberships of users that this transaction has just made: nobody else can have put them anywhere. */
export const addFirstMemberships = (ctx: Context, { sql, values }: SqlSource) =>
  change(ctx, "+", {
    sql: `insert into memberships (tenant_id, user_id, group_id)
          select distinct $1::uuid, m.user_id, m.group_id from (${sql}) m returning group_id`,
    values,
  });

/** Adds memberships there are none of. Where somebody else adds one at that moment it fails: `membershipTaken`. */
export const addNewMemberships = (ctx: Context, { sql, values }: SqlSource) =>
  change(ctx, "+", {
    sql: `insert into memberships (tenant_id, user_id, group_id) select $1, m.user_id, m.group_id from (${sql}) m
          returning group_id`,
    values,
  });

export const membershipTaken = (error: unknown) => violatedConstraint(error) === "memberships_pkey";

/** Removes the source's memberships (`user_id`, `group_id`), of users that this transaction holds. */
export const removeMemberships = (ctx: Context, { sql, values }: SqlSource) =>
  change(ctx, "-", {
    sql: `delete from memberships m using (${sql}) s
           where m.tenant_id = $1 and m.user_id = s.user_id and m.group_id = s.group_id returning m.group_id`,
    values,
  });

/** Which of these users are in the group. */
export async function membersAmong(
  { tx, tenantId }: Context,
  groupId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.rows<{ user_id: string }>(
    "select user_id from memberships where tenant_id = $1 and group_id = $2 and user_id = any($3)",
    [tenantId, groupId, userIds],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** What is done to memberships as parts of a larger statement, `done` (`user_id`, `group_id`), and counted beside it. */
export type MembershipParts = { parts: string; values: readonly unknown[] };

const partsOf = (done: string, sign: "+" | "-") =>
  `done as (${done}), counted as (${countingSql("done", sign)})`;

/** Adds the source's users (`user_id`), who are held, to groups that are; `done` are the new ones. */
export const addingParts = (people: SqlSource, groupIds: readonly string[]): MembershipParts => ({
  parts: partsOf(
    `insert into memberships (tenant_id, user_id, group_id)
     select $1, p.user_id, g.id from (${people.sql}) p cross join unnest(${after(people, 1)}::uuid[]) g(id)
     on conflict do nothing returning user_id, group_id`,
    "+",
  ),
  values: [...people.values, groupIds],
});

/** The same for removing them; `done` are those there were. */
export const removingParts = (people: SqlSource, groupIds: readonly string[]): MembershipParts => ({
  parts: partsOf(
    `delete from memberships m using (${people.sql}) p
      where m.tenant_id = $1 and m.user_id = p.user_id and m.group_id = any(${after(people, 1)}::uuid[])
     returning m.user_id, m.group_id`,
    "-",
  ),
  values: [...people.values, groupIds],
});

/** Does what `addingParts` or `removingParts` say. Answers whose memberships these were, by group. */
export async function changeMemberships({ tx, tenantId }: Context, { parts, values }: MembershipParts) {
  const rows = await tx.rows<{ group_id: string; user_ids: string[] }>(
    `with ${parts} select group_id, array_agg(user_id) as user_ids from done group by group_id`,
    [tenantId, ...values],
  );
  return new Map(rows.map((row) => [row.group_id, row.user_ids]));
}

/** The groups of each of these users, by name. */
export async function groupsOf({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.prepared<{ user_id: string; id: string; name: string; active: boolean }>(
    `select m.user_id, g.id, g.name, g.active
       from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
      where m.tenant_id = $1 and m.user_id = any($2) order by g.order_key, g.name_key collate "C"`,
    [tenantId, userIds],
  );
  return Map.groupBy(rows, (row) => row.user_id);
}
