import type { Tx } from "#server/platform/db/tx.ts";

export type ClaimedMessage = {
  id: string;
  userId: string;
  kind: string;
  about?: string | null;
  attempts: number;
  /** Null where this is the first time. */
  firstTriedAt: Date | null;
};

type Claim = { tenantId: string; sender: string; now: Date; limit: number; urgent: boolean };

/** Since when everything is due that somebody sits and waits for: before whatever is queued. */
export const dueFirst = new Date(0);

/** Takes the messages that have been due longest for one sender. Several senders take different ones. */
export async function claimMessages(
  tx: Tx,
  { tenantId, sender, now, limit, urgent }: Claim,
): Promise<ClaimedMessage[]> {
  // Materialized: otherwise a plan may run the inner select once for each row, and claim more than `limit`.
  const rows = await tx.rows<{
    id: string;
    user_id: string;
    kind: string;
    about: string | null;
    attempts: number;
    first_tried_at: Date | null;
    due_at: Date;
  }>(
    `with due as materialized (
       select id from messages
        where tenant_id = $1 and state in ('queued', 'deferred') and due_at <= $3 ${urgent ? "and first" : ""}
        order by due_at limit $4 for update skip locked)
     update messages m set state = 'sending', claimed_by = $2
       from due where m.tenant_id = $1 and m.id = due.id
     returning m.id, m.user_id, m.kind, m.about, m.attempts, m.due_at,
               case when m.attempts > 0 then
                 (select a.at from message_attempts a
                   where a.tenant_id = $1 and a.message_id = m.id and a.outcome = 'deferred' and a.no = 1)
               end as first_tried_at`,
    [tenantId, sender, now, limit],
  );
  return rows
    .sort((a, b) => a.due_at.getTime() - b.due_at.getTime())
    .map(({ user_id: userId, first_tried_at: firstTriedAt, due_at: _, ...message }) => ({
      ...message,
      userId,
      firstTriedAt,
    }));
}

type Limit = {
  tenantId: string;
  /** `apart`: only messages of the same kind count. */
  messages: readonly { id: string; apart: boolean; limit: number }[];
  since: Date;
};

/**
 * Which of these messages, all claimed, come after so many that their address has been sent since then, whoever had it, those
 * counted that are being sent to their person before them.
 */
export async function beyondLimit(tx: Tx, { tenantId, messages, since }: Limit) {
  // Claimed, which is the same as being sent: by that state PostgreSQL would look through all that is being sent, each time.
  const rows = await tx.rows<{ id: string }>(
    `select m.id
       from unnest($2::uuid[], $3::bool[], $4::int[]) c(id, apart, "limit")
       join messages m on m.tenant_id = $1 and m.id = c.id
      where (select count(*) from messages o
              where o.tenant_id = $1
                and o.recipient_key = (select u.email_key from users u where u.tenant_id = $1 and u.id = m.user_id)
                and o.state in ('accepted', 'bounced') and o.finished_at >= $5 and (not c.apart or o.kind = m.kind))
          + (select count(*) from messages o
              where o.tenant_id = $1 and o.user_id = m.user_id and o.claimed_by is not null
                and (o.due_at, o.id) < (m.due_at, m.id) and (not c.apart or o.kind = m.kind)) >= c."limit"`,
    [
      tenantId,
      messages.map(({ id }) => id),
      messages.map(({ apart }) => apart),
      messages.map(({ limit }) => limit),
      since,
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** When the next message of this tenant is due, in the past too; undefined when none waits for a time. */
export const nextDue = (tx: Tx, tenantId: string) => earliest(tx, tenantId, "");

/** The same of what somebody waits for. */
export const nextDueFirst = (tx: Tx, tenantId: string) => earliest(tx, tenantId, "and first");

async function earliest(tx: Tx, tenantId: string, which: "" | "and first") {
  const row = await tx.row<{ due_at: Date | null }>(
    `select min(due_at) as due_at from messages
      where tenant_id = $1 and state in ('queued', 'deferred') and due_at < 'infinity' ${which}`,
    [tenantId],
  );
  return row?.due_at ?? undefined;
}

/** As the system role: which tenants have messages that are due. */
export const tenantsWithDueMessages = (tx: Tx, now: Date) => tenantsWithDue(tx, now, "");

/** The same of what somebody waits for. */
export const tenantsWithDueFirst = (tx: Tx, now: Date) => tenantsWithDue(tx, now, "and first");

const tenantsWithDue = async (tx: Tx, now: Date, which: "" | "and first") =>
  (
    await tx.rows<{ tenant_id: string }>(
      // Not all that is due is looked through: a million messages may be.
      `select t.id as tenant_id from tenants t
        where exists (select from messages m
                       where m.tenant_id = t.id and m.state in ('queued', 'deferred') and m.due_at <= $1 ${which})`,
      [now],
    )
  ).map((row) => row.tenant_id);

/** As the system role: who claims messages, tenant by tenant. */
export const listClaims = (tx: Tx) =>
  tx.rows<{ tenant_id: string; claimed_by: string }>(
    "select distinct tenant_id, claimed_by from messages where state = 'sending' and claimed_by is not null",
  );

/** Which of these senders are alive: each holds an advisory lock, its own number, for as long as it lives. */
export async function livingSenders(tx: Tx): Promise<Set<string>> {
  const rows = await tx.rows<{ sender: string }>(
    `select (classid::bigint << 32 | objid::bigint)::text as sender from pg_locks
      where locktype = 'advisory' and objsubid = 1 and granted
        and database = (select oid from pg_database where datname = current_database())`,
  );
  return new Set(rows.map((row) => row.sender));
}

/** What a dead sender had claimed is queued again. Whether it handed one over in its last moment nobody knows. */
export const requeueClaims = (tx: Tx, tenantId: string, dead: readonly string[]) =>
  tx.run(
    `update messages set state = 'queued', claimed_by = null
      where tenant_id = $1 and state = 'sending' and claimed_by = any($2::bigint[])`,
    [tenantId, dead],
  );
