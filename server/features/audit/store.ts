import type { Context } from "#server/context.ts";
import { prefixRange } from "#server/platform/db/prefix-range.ts";
import type { Personal } from "./personal.ts";

export type NewEvent = {
  id: string;
  action: string;
  actor_kind: string;
  actor_id: string | null;
  target_kind: string | null;
  target_id: string | null;
  fields: readonly string[];
  details: Record<string, unknown>;
  content?: Personal;
  /** Hexadecimal, as is the digest. */
  salt?: string;
  digest?: string;
};

/** The event, what of it is personal, and the note that it is not in the chain yet: one statement. */
export const insertEvents = (
  { tx, tenantId, now, actor }: Pick<Context, "tx" | "tenantId" | "now" | "actor">,
  events: readonly NewEvent[],
) =>
  tx.run(
    `with incoming as materialized (
       select * from jsonb_to_recordset($5::jsonb)
         as e(id uuid, action text, actor_kind text, actor_id uuid, target_kind text, target_id uuid, fields jsonb,
              details jsonb, content jsonb, salt text, digest text)),
     written as (
       insert into audit_events (tenant_id, id, at, actor_kind, actor_id, ip, user_agent, action, target_kind, target_id,
                                 fields, details, personal_digest)
       select $1, e.id, $2, e.actor_kind, e.actor_id, $3, $4, e.action, e.target_kind, e.target_id,
              array(select jsonb_array_elements_text(e.fields)), e.details, decode(e.digest, 'hex')
         from incoming e),
     personal as (
       insert into audit_personal (tenant_id, event_id, target_id, salt, content)
       select $1, e.id, e.target_id, decode(e.salt, 'hex'), e.content from incoming e where e.salt is not null)
     insert into audit_pending (tenant_id, event_id) select $1, e.id from incoming e`,
    [
      tenantId,
      now,
      "ip" in actor ? (actor.ip ?? null) : null,
      "userAgent" in actor ? actor.userAgent || null : null,
      JSON.stringify(events),
    ],
  );

type Done = { actorId: string; action: string; since: Date };

/** How often somebody has done this since then. */
export async function countDone({ tx, tenantId }: Context, { actorId, action, since }: Done) {
  const row = await tx.row<{ times: number }>(
    `select count(*)::int as times from audit_events
      where tenant_id = $1 and actor_id = $2 and at >= $4 and action = $3`,
    [tenantId, actorId, action, since],
  );
  return row?.times ?? 0;
}

type AddressOf = { userId: string; since: Date };

/** Whether somebody else has changed this person's address since then. */
export const isAddressNew = async ({ tx, tenantId }: Context, { userId, since }: AddressOf) =>
  (await tx.row(
    `select 1 from audit_events
      where tenant_id = $1 and target_id = $2 and at >= $3 and action = 'user.changed' and 'email' = any(fields)
        and actor_kind = 'user' and actor_id <> $2 limit 1`,
    [tenantId, userId, since],
  )) !== undefined;

/** Who did what some events record, and its details; those that are gone are not in the answer. */
export const listRecorded = ({ tx, tenantId }: Context, ids: readonly string[]) =>
  tx.rows<{ id: string; actor_id: string | null; details: Record<string, unknown> }>(
    "select id, actor_id, details from audit_events where tenant_id = $1 and id = any($2::uuid[])",
    [tenantId, ids],
  );

/** An event as it is hashed: every value in the one form that it has in the database. */
export type EventRow = {
  id: string;
  at: string;
  action: string;
  actor_kind: string;
  actor_id: string | null;
  target_kind: string | null;
  target_id: string | null;
  fields: string[];
  details: Record<string, unknown>;
  ip: string | null;
  user_agent: string | null;
  personal_digest: Buffer | null;
};

/** The columns of an `EventRow`, of `audit_events e`. Microseconds: not one of them can be changed unnoticed. */
export const eventColumns = `e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.action,
  e.actor_kind, e.actor_id, e.target_kind, e.target_id, e.fields, e.details, e.ip, e.user_agent, e.personal_digest`;

export type EventFilter = {
  /** A user's id, or `system`, `operator`, `anonymous`. */
  actor?: string | undefined;
  /** The beginning of an action: `user.` */
  action?: string | undefined;
  target?: string | undefined;
  /** Events of something else that the target was part of. */
  besides?: readonly string[] | undefined;
  from?: string | undefined;
  to?: string | undefined;
  ip?: string | undefined;
};

export type EventPlace = readonly [at: string, id: string];

export type ListedEvent = EventRow & {
  actor_name: string | null;
  target_name: string | null;
  content: Personal | null;
  position: string | null;
};

/**
 * Events, the newest first, one more than `limit` where there are more. Names are looked up for the page alone: an event
 * holds ids, and whoever is erased has no name any more.
 */
export function listEvents({ tx, tenantId }: Context, filter: EventFilter, page: EventPage) {
  const values: unknown[] = [tenantId];
  const where = filterSql(filter, values);
  const value = (given: unknown) => `$${values.push(given)}`;
  if (page.after) where.push(`(e.at, e.id) < (${value(page.after[0])}, ${value(page.after[1])}::uuid)`);
  return tx.rows<ListedEvent>(
    `with page as materialized (
       select * from audit_events e where ${where.join(" and ")} order by e.at desc, e.id desc limit ${value(page.limit + 1)})
     select ${eventColumns}, l.position, p.content, a.first_name || ' ' || a.last_name as actor_name,
            case e.target_kind
              when 'user' then u.first_name || ' ' || u.last_name
              when 'group' then g.name
              when 'import' then (select string_agg(f.name, ', ' order by f.file_no) from import_files f
                                   where f.tenant_id = $1 and f.import_id = e.target_id)
              when 'message' then (select m.recipient from messages m where m.tenant_id = $1 and m.id = e.target_id)
              when 'bulk_action' then (select b.action from bulk_actions b where b.tenant_id = $1 and b.id = e.target_id)
              when 'tenant' then (select t.name from tenants t where t.id = $1) end as target_name
       from page e
       left join audit_links l on l.tenant_id = $1 and l.event_id = e.id
       left join audit_personal p on p.tenant_id = $1 and p.event_id = e.id
       left join users a on a.tenant_id = $1 and a.id = e.actor_id
       left join users u on u.tenant_id = $1 and u.id = e.target_id
       left join groups g on g.tenant_id = $1 and g.id = e.target_id
      order by e.at desc, e.id desc`,
    values,
  );
}

export type EventPage = { after?: EventPlace | undefined; limit: number };

/** Equalities and ranges only, each with an index: what row-level security lets through to one. */
function filterSql(filter: EventFilter, values: unknown[]): string[] {
  const where = ["e.tenant_id = $1"];
  const value = (given: unknown) => `$${values.push(given)}`;
  const { actor, action, target, besides = [], from, to, ip } = filter;
  if (actor && ["system", "operator", "anonymous"].includes(actor))
    where.push(`e.actor_kind = ${value(actor)} and e.actor_id is null`);
  else if (actor) where.push(`e.actor_id = ${value(actor)}`);
  if (action) {
    const range = prefixRange(action);
    where.push(`e.action >= ${value(range.from)} and e.action < ${value(range.to)}`);
  }
  if (target && besides.length > 0) {
    where.push(`e.id = any(array(
      select t.id from audit_events t where t.tenant_id = $1 and t.target_id = ${value(target)}
      union all select unnest(${value(besides)}::uuid[])))`);
  } else if (target) where.push(`e.target_id = ${value(target)}`);
  if (from) where.push(`e.at >= ${value(from)}`);
  if (to) where.push(`e.at < ${value(to)}`);
  if (ip) where.push(`e.ip = ${value(ip)}`);
  return where;
}
