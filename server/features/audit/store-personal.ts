import type { Context } from "#server/context.ts";

/** Of people who are erased. Their events stay and fit the chain as before. */
export const removePersonal = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from audit_personal where tenant_id = $1 and target_id = any($2)", [tenantId, userIds]);

/** As the system role: addresses that belong to nobody, typed before that day, or while the clock was far ahead. */
export const removeTypedAddresses = (tx: Context["tx"], tenantId: string, before: Date) =>
  tx.run(
    `delete from audit_personal p using audit_events e
      where p.tenant_id = $1 and p.target_id is null and e.tenant_id = $1 and e.id = p.event_id and (e.at < $2 or e.at > now() + interval '1 day')`,
    [tenantId, before],
  );

/** Addresses typed by nobody known, as they are compared. */
export const removeTyped = ({ tx, tenantId }: Context, addresses: readonly string[]) =>
  tx.run(
    `delete from audit_personal
      where tenant_id = $1 and target_id is null
        and coalesce(content->>'addressKey', lower(content->>'address')) = any($2)`,
    [tenantId, addresses],
  );

/** Every address of these people that a change was recorded from or to. */
export const listFormerAddresses = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.rows<{ target_id: string; email: string }>(
    `select distinct p.target_id, v.email
       from audit_personal p
      cross join lateral (values (p.content->'changes'->'email'->>'before'),
                                 (p.content->'changes'->'email'->>'after')) v(email)
      where p.tenant_id = $1 and p.target_id = any($2) and v.email is not null`,
    [tenantId, userIds],
  );
