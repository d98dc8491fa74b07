import type { Tx } from "#server/platform/db/tx.ts";

/** All below as the system role. */

export const removalAction = "audit.period_removed";

export async function firstPosition(tx: Tx, tenantId: string): Promise<number | undefined> {
  const row = await tx.row<{ position: string }>(
    "select position from audit_links where tenant_id = $1 order by position limit 1",
    [tenantId],
  );
  return row && Number(row.position);
}

/** What marks of a retention say that ends at this position: the true one, and whatever others somebody has written. */
export async function removalsUpTo(tx: Tx, tenantId: string, last: number): Promise<unknown[]> {
  const rows = await tx.rows<{ details: unknown }>(
    "select details from audit_events where tenant_id = $1 and action = $2 and details->'last' = to_jsonb($3::bigint)",
    [tenantId, removalAction, last],
  );
  return rows.map((row) => row.details);
}

/**
 * `keep_months`: for how many months the tenant wants its events kept; null: it has not said, or what cannot be. One tenant's
 * settings must not keep all others' events.
 */
export const allTenants = (tx: Tx) =>
  tx.rows<{ tenant_id: string; keep_months: number | null }>(
    `select id as tenant_id,
            case when settings @? '$.auditMonths ? (@.type() == "number" && @ >= 1 && @ <= 1200 && @ == @.floor())'
                 then (settings->>'auditMonths')::numeric::int end as keep_months
       from tenants order by id`,
  );

/**
 * An event of a time to come was written while the clock was wrong, or by hand: it goes with those around it, as the policy
 * `closed_months` allows. Otherwise it would keep all that follows it for as long.
 */
const isOfItsTime = "e.at <= now() + interval '1 day'";

/** The first position of a chain, and when what stands there was. */
export const firstEvent = (tx: Tx, tenantId: string) =>
  tx.row<{ position: string; at: Date }>(
    `select (select min(position) from audit_links where tenant_id = $1) as position, e.at
       from audit_links l join audit_events e on e.tenant_id = $1 and e.id = l.event_id
      where l.tenant_id = $1 and ${isOfItsTime} order by l.position limit 1`,
    [tenantId],
  );

/** The last position before the first event from that time on: all up to there are older. */
export const lastOlder = (tx: Tx, tenantId: string, time: Date) =>
  tx.row<{ position: string; hash: Buffer }>(
    `select o.position, o.hash from audit_links o
      where o.tenant_id = $1 and o.position < coalesce(
        (select l.position from audit_links l join audit_events e on e.tenant_id = $1 and e.id = l.event_id
          where l.tenant_id = $1 and e.at >= $2 and ${isOfItsTime} order by l.position limit 1), 9223372036854775807)
      order by o.position desc limit 1`,
    [tenantId, time],
  );

/** Removes events, what was personal of them, links and heads up to a position. */
export async function removeUpTo(tx: Tx, tenantId: string, last: number) {
  const ids = "select event_id from audit_links where tenant_id = $1 and position <= $2";
  await tx.run(`delete from audit_personal where tenant_id = $1 and event_id in (${ids})`, [tenantId, last]);
  const events = await tx.run(`delete from audit_events where tenant_id = $1 and id in (${ids})`, [
    tenantId,
    last,
  ]);
  await tx.run("delete from audit_links where tenant_id = $1 and position <= $2", [tenantId, last]);
  await tx.run("delete from audit_heads where tenant_id = $1 and position <= $2", [tenantId, last]);
  return events;
}
