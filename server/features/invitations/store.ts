import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";

/** A moment as the database writes it: a `Date` would lose its microseconds, and somebody be looked at twice. */
type Moment = string;

/** Up to when this tenant's reminders are written, `earliest` at least; locked until the transaction ends. */
export async function lockProgress({ tx, tenantId }: Context, earliest: Date): Promise<Moment> {
  await tx.run(
    "insert into reminder_progress (tenant_id, reminded_until) values ($1, $2) on conflict (tenant_id) do nothing",
    [tenantId, earliest],
  );
  const row = await tx.row<{ until: Moment }>(
    `select greatest(reminded_until, $2)::text as until from reminder_progress where tenant_id = $1 for update`,
    [tenantId, earliest],
  );
  return row?.until ?? earliest.toISOString();
}

export const writeProgress = ({ tx, tenantId }: Context, until: Moment) =>
  tx.run("update reminder_progress set reminded_until = $2 where tenant_id = $1", [tenantId, until]);

type Span = {
  /** After their invitation was sent. */
  days: readonly number[];
  /** Due after this, until now. */
  from: Moment;
  /** So many invitations are looked at, and those of the same moment as the last. */
  most: number;
};

/**
 * Whose reminder has fallen due since, and up to when was looked: `more` where that is not until now. An invitation was sent when the first email with its link was accepted; nobody is reminded who has an email of it still under way.
 */
export async function dueReminders(
  { tx, tenantId, now }: Context,
  { days, from, most }: Span,
): Promise<{ userIds: string[]; until: Moment; more: boolean }> {
  // For each day the index is read from the first one due on, and no further than needed: of a million that fall due
  // together a batch reads no more than of a thousand.
  const row = await tx.row<{ user_ids: string[]; until: Moment; more: boolean }>(
    `with sent as materialized (
       select m.id, m.user_id, m.created_at, m.finished_at, m.finished_at + d.day * interval '24 hours' as due_at
         from unnest($2::int[]) d(day)
        cross join lateral (
          select id, user_id, created_at, finished_at from messages
           where tenant_id = $1 and kind = 'user.invited' and state = 'accepted'
             and finished_at > $3::timestamptz - d.day * interval '24 hours'
             and finished_at <= $4::timestamptz - d.day * interval '24 hours'
           order by finished_at fetch first $5 rows with ties) m),
     span as (select coalesce((select due_at from sent order by due_at offset $5 - 1 limit 1), $4::timestamptz) as until)
     select span.until::text, span.until < $4 as more, array(
       select distinct s.user_id
         from sent s
         join users u on u.tenant_id = $1 and u.id = s.user_id and u.status = 'invited'
          and u.deleted_at is null and u.mail_failed_at is null
         join links l on l.tenant_id = $1 and l.user_id = s.user_id and l.purpose = 'invitation'
          and l.used_at is null and l.revoked_at is null and l.expires_at > $4 and l.made_at <= s.created_at
        where s.due_at <= span.until
          and not exists (
            select from messages o
             where o.tenant_id = $1 and o.user_id = s.user_id and o.id <> s.id
               and o.kind in ('user.invited', 'invitation.reminder')
               and (o.state in ('held', 'queued', 'sending', 'deferred')
                    or (o.kind = 'user.invited' and o.state = 'accepted' and o.created_at >= l.made_at
                        and (o.finished_at, o.id) < (s.finished_at, s.id))))) as user_ids
       from span`,
    [tenantId, days, from, now, most],
  );
  return { userIds: row?.user_ids ?? [], until: row?.until ?? from, more: row?.more ?? false };
}

/** As the system role: tenants with anybody who has not accepted their invitation. */
export const tenantsWithInvited = async (tx: Tx) =>
  (
    await tx.rows<{ tenant_id: string }>(
      "select tenant_id from user_counts where status = 'invited' group by tenant_id having sum(people) > 0",
    )
  ).map((row) => row.tenant_id);
