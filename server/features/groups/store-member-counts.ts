import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";

/**
 * A part of a statement: counts the memberships that another part of it (`group_id` of each) put in, or took out. Only rows are
 * added, so that nobody waits for anybody; how many members a group has is their sum.
 */
export const countingSql = (part: string, sign: "+" | "-") =>
  `insert into member_counts (tenant_id, group_id, id, members)
   select $1::uuid, group_id, gen_random_uuid(), (${sign} count(*))::int from ${part} group by group_id`;

/** How many members a group has. */
export const membersSql = (groupId: string) => `(select coalesce(sum(c.members), 0)::int from member_counts c
  where c.tenant_id = $1 and c.group_id = ${groupId})`;

/** Of groups that are gone. */
export const removeMemberCounts = ({ tx, tenantId }: Context, groupIds: readonly string[]) =>
  tx.run("delete from member_counts where tenant_id = $1 and group_id = any($2)", [tenantId, groupIds]);

/** As the system role: groups whose counts have become many rows, by tenant. */
export const groupsWithManyCounts = (tx: Tx) =>
  tx.rows<{ tenant_id: string; group_ids: string[] }>(
    `select tenant_id, array_agg(group_id) as group_ids
       from (select tenant_id, group_id from member_counts group by 1, 2 having count(*) > 100) many group by tenant_id`,
  );

/** Folds these groups' counts together; what is added meanwhile stays for the next time. */
export const foldMemberCounts = ({ tx, tenantId }: Context, groupIds: readonly string[]) =>
  tx.run(
    `with gone as (delete from member_counts where tenant_id = $1 and group_id = any($2) returning group_id, members)
     insert into member_counts (tenant_id, group_id, id, members)
     select $1::uuid, group_id, gen_random_uuid(), sum(members)::int from gone group by group_id having sum(members) <> 0`,
    [tenantId, groupIds],
  );
