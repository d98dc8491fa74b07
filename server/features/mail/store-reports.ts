import type { Tx } from "#server/platform/db/tx.ts";
import { editionAt } from "../tenants/store-letter-changes.ts";

type Report = { tenantId: string; messageId: string; now: Date; reply: string };

/** A report may name the address: of somebody who has been erased meanwhile no word is kept. */
const isThere = (message: string) =>
  `exists (select from users u where u.tenant_id = $1 and u.id = ${message}.user_id)`;

/**
 * A message that had been accepted came back; or one whose acceptance nobody heard of, since the connection was lost or Muster
 * killed: then it is not tried again. Answers whether that is new.
 */
export async function writeBounced(tx: Tx, { tenantId, messageId, now, reply }: Report): Promise<boolean> {
  await keepEdition(tx, tenantId, messageId);
  const changed = await tx.run(
    `update messages set state = 'bounced', claimed_by = null, finished_at = $3, last_reply = case when ${isThere("messages")} then $4 end
      where tenant_id = $1 and id = $2 and state in ('accepted', 'queued', 'sending', 'deferred')`,
    [tenantId, messageId, now, reply],
  );
  if (changed > 0) await writeReport(tx, "bounced", { tenantId, messageId, now, reply });
  return changed > 0;
}

/** From now on it says when it came back, and not when it was sent. */
const keepEdition = (tx: Tx, tenantId: string, messageId: string) =>
  tx.run(
    `insert into message_editions (tenant_id, message_id, edition)
     select m.tenant_id, m.id, ${editionAt("m.finished_at")} from messages m
      where m.tenant_id = $1 and m.id = $2 and m.state = 'accepted'
        and exists (select from letter_changes c where c.tenant_id = $1 and c.from_at > m.finished_at)
     on conflict (tenant_id, message_id) do nothing`,
    [tenantId, messageId],
  );

/** A report that a message is delayed on its way; the latest one is kept. */
export const writeReport = (
  tx: Tx,
  outcome: "delayed" | "bounced",
  { tenantId, messageId, now, reply }: Report,
) =>
  tx.run(
    `insert into message_attempts (tenant_id, message_id, outcome, no, at, reply)
     select m.tenant_id, m.id, $3, 1, $4, case when ${isThere("m")} then $5 end from messages m where m.tenant_id = $1 and m.id = $2
     on conflict (tenant_id, message_id, outcome, no) do update set at = excluded.at, reply = excluded.reply`,
    [tenantId, messageId, outcome, now, reply],
  );
