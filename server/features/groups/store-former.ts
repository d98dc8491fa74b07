import type { Context } from "#server/context.ts";
import { holdGroups } from "./store.ts";
import { countingSql } from "./store-member-counts.ts";

/** Takes deleted users out of their groups and remembers which those were. Answers how many each had. */
export async function setMembershipsAside({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.rows<{ user_id: string; groups: number }>(
    `with gone as (
       delete from memberships where tenant_id = $1 and user_id = any($2) returning user_id, group_id),
     kept as (
       insert into former_memberships (tenant_id, user_id, group_id) select $1, user_id, group_id from gone),
     counted as (${countingSql("gone", "-")})
     select user_id, count(*)::int as groups from gone group by user_id`,
    [tenantId, userIds],
  );
  return new Map(rows.map((row) => [row.user_id, row.groups]));
}

/**
 * Puts restored users, whom this transaction has locked, back into their groups, as far as there still are any. Answers how
 * many each is in.
 */
export async function giveMembershipsBack(ctx: Context, userIds: readonly string[]) {
  const { tx, tenantId } = ctx;
  const former = await tx.rows<{ group_id: string }>(
    "select distinct group_id from former_memberships where tenant_id = $1 and user_id = any($2)",
    [tenantId, userIds],
  );
  const held = await holdGroups(
    ctx,
    former.map((row) => row.group_id),
  );
  const rows = await tx.rows<{ user_id: string; groups: number }>(
    `with back as (
       delete from former_memberships where tenant_id = $1 and user_id = any($2) returning user_id, group_id),
     given as (
       insert into memberships (tenant_id, user_id, group_id)
       select $1, user_id, group_id from back where group_id = any($3)
       on conflict do nothing returning user_id, group_id),
     counted as (${countingSql("given", "+")})
     select user_id, count(*)::int as groups from given group by user_id`,
    [tenantId, userIds, [...held]],
  );
  return new Map(rows.map((row) => [row.user_id, row.groups]));
}

/** The groups these deleted users would be in again, by name. */
export async function formerGroupsOf({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.rows<{ user_id: string; id: string; name: string; active: boolean }>(
    `select f.user_id, g.id, g.name, g.active
       from former_memberships f join groups g on g.tenant_id = f.tenant_id and g.id = f.group_id
      where f.tenant_id = $1 and f.user_id = any($2) order by g.order_key, g.name_key collate "C"`,
    [tenantId, userIds],
  );
  return Map.groupBy(rows, (row) => row.user_id);
}

/** As if they had never been in any group. */
export async function removeMembershipsOf({ tx, tenantId }: Context, userIds: readonly string[]) {
  const values = [tenantId, userIds];
  await tx.run(
    `with gone as (delete from memberships where tenant_id = $1 and user_id = any($2) returning group_id)
     ${countingSql("gone", "-")}`,
    values,
  );
  await tx.run("delete from former_memberships where tenant_id = $1 and user_id = any($2)", values);
}
