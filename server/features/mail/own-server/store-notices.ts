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

export type Notice = {
  id: string;
  user_id: string;
  about: string | null;
  attempts: number;
  created_at: Date;
};

/** Undefined where it has gone, or is over. */
export const readNotice = (tx: Tx, tenantId: string, id: string) =>
  tx.row<Notice>(
    `select id, user_id, about, attempts, created_at from messages where tenant_id = $1 and id = $2 and ${under}`,
    [tenantId, id],
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
