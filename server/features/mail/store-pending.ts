import type { Tx } from "#server/platform/db/tx.ts";

/**
 * Messages that wait for a password to be hashed, where none of that person waits to be hashed any more, become due.
 * Answers how many. In the usual run of things there are none: `makeDue` goes with the hash.
 */
export const makeForgottenDue = (tx: Tx, { tenantId, now }: { tenantId: string; now: Date }) =>
  tx.run(
    `update messages m set due_at = greatest($2, m.not_before)
      where m.tenant_id = $1 and m.state in ('held', 'queued') and m.due_at = 'infinity'
        and not exists (select from credentials c
                         where c.tenant_id = $1 and c.user_id = m.user_id
                           and c.password_hash is null and c.sealed_password is not null)`,
    [tenantId, now],
  );

/** What a mail server put off is due now: there is another server. */
export const hastenDeferred = ({ tx, tenantId, now }: { tx: Tx; tenantId: string; now: Date }) =>
  tx.run("update messages set due_at = $2 where tenant_id = $1 and state = 'deferred' and due_at > $2", [
    tenantId,
    now,
  ]);

/** As the system role: tenants with messages that wait for something. */
export const tenantsWithWaitingMessages = (tx: Tx) =>
  tx.rows<{ tenant_id: string }>(
    "select distinct tenant_id from messages where state in ('queued', 'deferred') and due_at = 'infinity'",
  );

type Stale = { kind: string; createdBefore: Date; now: Date; why: string };

/** As the system role: of what was to go before everything else and has not gone since then. Not for kinds with hooks. */
export const withdrawStaleFirst = (tx: Tx, { kind, createdBefore, now, why }: Stale) =>
  tx.run(
    `update messages set state = 'withdrawn', finished_at = $3, last_reply = $4
      where first and state in ('queued', 'deferred') and kind = $1 and created_at < $2`,
    [kind, createdBefore, now, why],
  );

type Sought = { tenantId: string; userIds: readonly string[]; kinds: readonly string[] };

/** Who of these people has such a message under way: one that is not handed over yet. */
export async function whoIsWrittenTo(tx: Tx, { tenantId, userIds, kinds }: Sought) {
  const rows = await tx.rows<{ user_id: string }>(
    `select distinct user_id from messages
      where tenant_id = $1 and user_id = any($2::uuid[]) and kind = any($3) and state in ${underWay}`,
    [tenantId, userIds, kinds],
  );
  return new Set(rows.map((row) => row.user_id));
}

const underWay = "('held', 'queued', 'sending', 'deferred')";

type Written = { tenantId: string; userId: string; kind: string; since: Date };

/** Of a kind and person: whether one is under way, how many were accepted since, and when the last of those was. */
export const countWritten = async (tx: Tx, { tenantId, userId, kind, since }: Written) => {
  const row = await tx.row<{ under_way: boolean | null; accepted: number; last_at: Date | null }>(
    `select bool_or(state in ${underWay}) as under_way,
            (count(*) filter (where state = 'accepted' and finished_at > $4))::int as accepted,
            max(finished_at) filter (where state = 'accepted' and finished_at > $4) as last_at
       from messages where tenant_id = $1 and user_id = $2 and kind = $3`,
    [tenantId, userId, kind, since],
  );
  return {
    underWay: row?.under_way ?? false,
    accepted: row?.accepted ?? 0,
    lastAt: row?.last_at ?? undefined,
  };
};
