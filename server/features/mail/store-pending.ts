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

type Sought = {
  tenantId: string;
  userIds: readonly string[];
  kinds: readonly string[];
  acceptedSince?: Date;
};

/** Who of these people has such a message under way: not handed over yet or, where asked for, accepted lately. */
export async function whoIsWrittenTo(tx: Tx, { tenantId, userIds, kinds, acceptedSince }: Sought) {
  const rows = await tx.rows<{ user_id: string }>(
    `select distinct user_id from messages
      where tenant_id = $1 and user_id = any($2::uuid[]) and kind = any($3)
        and (state in ('held', 'queued', 'sending', 'deferred') or (state = 'accepted' and finished_at > $4))`,
    [tenantId, userIds, kinds, acceptedSince ?? null],
  );
  return new Set(rows.map((row) => row.user_id));
}
