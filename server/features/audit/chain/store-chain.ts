import type { Tx } from "#server/platform/db/tx.ts";
import { type EventRow, eventColumns } from "../store.ts";

/** All below as the system role: the application's may read the chain, and neither make nor change it. */

/** One at a time works on a tenant's chain, until the transaction ends. Writers of events never wait for it. */
export const lockChain = (tx: Tx, tenantId: string) =>
  tx.run("select pg_advisory_xact_lock(hashtextextended('audit.chain:' || $1, 0))", [tenantId]);

export const tenantsWithPending = (tx: Tx) =>
  tx.rows<{ tenant_id: string }>("select distinct tenant_id from audit_pending");

/** Positions are counted from 1; `bigint` comes as text. */
export type Link = { position: number; hash: Buffer };
const linkOf = (row: { position: string; hash: Buffer }) => ({ ...row, position: Number(row.position) });

export async function lastLink(tx: Tx, tenantId: string): Promise<Link | undefined> {
  const row = await tx.row<{ position: string; hash: Buffer }>(
    "select position, hash from audit_links where tenant_id = $1 order by position desc limit 1",
    [tenantId],
  );
  return row && linkOf(row);
}

const isChained = (note: string) =>
  `exists (select from audit_links l where l.tenant_id = $1 and l.event_id = ${note}.event_id)`;

/** Committed events that are not in the chain, by id: that is by time, and the same for whoever looks. */
export const pendingEvents = (tx: Tx, tenantId: string, most: number) =>
  tx.rows<EventRow>(
    `select ${eventColumns} from audit_pending w join audit_events e on e.tenant_id = $1 and e.id = w.event_id
      where w.tenant_id = $1 and not ${isChained("w")} order by w.event_id limit $2`,
    [tenantId, most],
  );

/** The application's role may write notes: one of an event that is in the chain already must not stop what comes after. */
export const forgetChained = (tx: Tx, tenantId: string) =>
  tx.run(`delete from audit_pending w where w.tenant_id = $1 and ${isChained("w")}`, [tenantId]);

export type NewLink = Link & { eventId: string };

export async function insertLinks(tx: Tx, tenantId: string, links: readonly NewLink[]) {
  const ids = links.map((link) => link.eventId);
  await tx.run(
    `insert into audit_links (tenant_id, position, event_id, hash)
     select $1, l.* from unnest($2::bigint[], $3::uuid[], $4::bytea[]) l`,
    [tenantId, links.map((link) => link.position), ids, links.map((link) => link.hash)],
  );
  await tx.run("delete from audit_pending where tenant_id = $1 and event_id = any($2)", [tenantId, ids]);
}

export type HeadRow = { position: string; hash: Buffer; signed_at: Date; signature: Buffer };

/** One for each day: the last there was. */
export const writeHead = (tx: Tx, tenantId: string, head: Link & { signedAt: Date; signature: Buffer }) =>
  tx.run(
    `insert into audit_heads (tenant_id, day, position, hash, signed_at, signature)
     values ($1, ($4::timestamptz at time zone 'UTC')::date, $2, $3, $4, $5)
     on conflict (tenant_id, day) do update set position = excluded.position, hash = excluded.hash,
       signed_at = excluded.signed_at, signature = excluded.signature`,
    [tenantId, head.position, head.hash, head.signedAt, head.signature],
  );

/** The newest first. By position: a clock may have been put back. */
export const listHeads = (tx: Tx, tenantId: string, most: number | null = null) =>
  tx.rows<HeadRow>(
    `select position, hash, signed_at, signature from audit_heads where tenant_id = $1 order by position desc limit $2`,
    [tenantId, most],
  );

export const readEvent = (tx: Tx, tenantId: string, id: string) =>
  tx.row<EventRow>(`select ${eventColumns} from audit_events e where e.tenant_id = $1 and e.id = $2`, [
    tenantId,
    id,
  ]);

export type ChainedEvent = {
  position: string;
  event_id: string;
  at: string;
  details: Record<string, unknown>;
};

/** The first events of an action that are in the chain. */
export const chainedEvents = (tx: Tx, tenantId: string, { action, most }: { action: string; most: number }) =>
  tx.rows<ChainedEvent>(
    `select l.position, l.event_id, e.at::text as at, e.details
       from audit_events e join audit_links l on l.tenant_id = $1 and l.event_id = e.id
      where e.tenant_id = $1 and e.action = $2 order by l.position limit $3`,
    [tenantId, action, most],
  );

export type LinkedRow = {
  position: string;
  event_id: string;
  hash: Buffer;
  salt: Buffer | null;
  content: unknown;
  /** Values that are not there were not erased: with a user they would be, and this one is still there, or it is about no user. */
  values_missed: boolean | null;
  event: EventRow | null;
};

/** Links after a position, each with its event as far as it is there. Addresses of nobody, which have no target, are erased too. */
export async function linksAfter(tx: Tx, tenantId: string, place: { position: number; most: number }) {
  const rows = await tx.rows<Omit<LinkedRow, "event"> & EventRow & { id: string | null }>(
    `select l.position, l.event_id, l.hash, p.salt, p.content, ${eventColumns},
            p.salt is null and e.personal_digest is not null and e.target_id is not null and (e.target_kind <> 'user'
              or exists (select from users u where u.tenant_id = $1 and u.id = e.target_id)) as values_missed
       from audit_links l
       left join audit_events e on e.tenant_id = $1 and e.id = l.event_id
       left join audit_personal p on p.tenant_id = $1 and p.event_id = l.event_id
      where l.tenant_id = $1 and l.position > $2 order by l.position limit $3`,
    [tenantId, place.position, place.most],
  );
  return rows.map((row): LinkedRow => ({ ...row, event: row.id === null ? null : row }));
}

export type Loose = { event_id: string; at: string | null };

/**
 * Events that are in no link: from before a time, or of which there is no note either, so that they never will be. And notes of
 * events that are gone.
 */
export const looseEvents = (tx: Tx, tenantId: string, { before, most }: { before: Date; most: number }) =>
  tx.rows<Loose>(
    `select e.id as event_id, e.at::text as at from audit_events e
      where e.tenant_id = $1
        and not exists (select from audit_links l where l.tenant_id = $1 and l.event_id = e.id)
        and (e.at < $2 or not exists (select from audit_pending w where w.tenant_id = $1 and w.event_id = e.id))
     union all
     select w.event_id, null from audit_pending w
      where w.tenant_id = $1 and not exists (select from audit_events e where e.tenant_id = $1 and e.id = w.event_id)
     limit $3`,
    [tenantId, before, most],
  );
