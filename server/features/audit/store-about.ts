import type { Context } from "#server/context.ts";

/**
 * Events of something else that a person was part of: the groups that a bulk action put them into or took them out of, and
 * the import that made them. Such events have numbers; who it was stands in the action and in the import.
 */
export async function listEventsAbout({ tx, tenantId }: Context, userId: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `with outcomes as materialized (
       select action_id, batch_no, outcome, about from bulk_outcomes
        where tenant_id = $1 and outcome in ('changed', 'undone') and $2 = any(user_ids)
          and exists (select from users where tenant_id = $1 and id = $2))
     select e.id
       from outcomes o
       join audit_events e on e.tenant_id = $1 and e.target_id = case when o.about <> '' then o.about::uuid end
      where o.outcome = 'changed' and e.action = 'group.members_changed'
        and e.details ->> 'bulkAction' = o.action_id::text and e.details ->> 'batch' = o.batch_no::text
        and (not e.details ? 'undo' or (o.action_id, o.batch_no) in (
              select u.action_id, u.batch_no from outcomes u where u.outcome = 'undone'))
     union all
     select e.id
       from import_rows r
       join audit_events e on e.tenant_id = $1 and e.target_id = r.import_id
      where r.tenant_id = $1 and r.user_id = $2 and e.action in ('import.finished', 'import.cancelled')`,
    [tenantId, userId],
  );
  return rows.map(({ id }) => id);
}
