import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";

/**
 * Messages that go past the queue are being sent from the beginning, and by no sender: so nobody claims them, takes them back or
 * hastens them, whatever becomes of the queue.
 */
const under = "state = 'sending' and claimed_by is null";

type Told = { kind: string; userIds: readonly string[]; about: string };

/** Answers their ids. */
export async function insertNotices({ tx, tenantId, now }: Context, { kind, userIds, about }: Told) {
  const ids = userIds.map(() => uuid());
  await tx.run(
    `insert into messages (tenant_id, id, user_id, kind, state, due_at, about, created_at)
     select $1, n.id, n.user_id, $4, 'sending', $6, $5, $6 from unnest($2::uuid[], $3::uuid[]) n(id, user_id)`,
    [tenantId, ids, userIds, kind, about, now],
  );
  return ids;
}

type Notice = {
  id: string;
  user_id: string;
  about: string | null;
  attempts: number;
  created_at: Date;
};

/** Undefined where it has gone, or is over. */
export const lockNotice = (tx: Tx, tenantId: string, id: string) =>
  tx.row<Notice>(
    `select id, user_id, about, attempts, created_at from messages
      where tenant_id = $1 and id = $2 and ${under} for update`,
    [tenantId, id],
  );

/** When it is tried next: by that a lost job is noticed. */
export const postponeNotice = ({ tx, tenantId }: Context, id: string, dueAt: Date) =>
  tx.run(`update messages set due_at = $3 where tenant_id = $1 and id = $2 and ${under}`, [
    tenantId,
    id,
    dueAt,
  ]);

/** As the system role: those that should have been tried before that moment. */
export const overdueNotices = (tx: Tx, before: Date) =>
  tx.rows<{ tenant_id: string; id: string }>(
    `select tenant_id, id from messages where ${under} and due_at < $1`,
    [before],
  );

/** Of people who are erased: nothing more is tried. */
export const withdrawNotices = ({ tx, tenantId, now }: Context, userIds: readonly string[], why: string) =>
  tx.run(
    `update messages set state = 'withdrawn', finished_at = $3, last_reply = $4
      where tenant_id = $1 and user_id = any($2::uuid[]) and ${under}`,
    [tenantId, userIds, now, why],
  );

type Tried = { id: string; reply: string };

/** It has not gone and is tried again. Of many tries the first nineteen and the latest are remembered, as of other messages. */
export async function noteTry({ tx, tenantId, now }: Context, { id, reply }: Tried) {
  await tx.run(
    `update messages set attempts = attempts + 1, last_reply = $3 where tenant_id = $1 and id = $2 and ${under}`,
    [tenantId, id, reply],
  );
  await tx.run(
    `insert into message_attempts (tenant_id, message_id, outcome, no, at, reply)
     select tenant_id, id, 'deferred', least(attempts, 20), $3, last_reply from messages where tenant_id = $1 and id = $2
     on conflict (tenant_id, message_id, outcome, no) do update set at = excluded.at, reply = excluded.reply`,
    [tenantId, id, now],
  );
}
