import type { Context } from "#server/context.ts";
import { keptInMailbox } from "./contract.ts";

/**
 * Whose emails a sender has in hand at this moment: to whom is written when that is over. What goes past the queue may be tried for
 * days, and is in nobody's hands meanwhile.
 */
export async function whoIsBeingSentTo({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.rows<{ user_id: string }>(
    `select distinct user_id from messages
      where tenant_id = $1 and user_id = any($2) and state = 'sending' and claimed_by is not null`,
    [tenantId, userIds],
  );
  return rows.map((row) => row.user_id);
}

/**
 * Erases to whom these people's messages went and what was said of them, and their emails in the built-in mailbox. That
 * messages were sent, of which kind and with what outcome, stays, also that nobody got them: an import's counts are made of it.
 */
export async function eraseMessages({ tx, tenantId }: Context, userIds: readonly string[]): Promise<void> {
  const values = [tenantId, userIds];
  const ofThem = "(select id from messages where tenant_id = $1 and user_id = any($2))";
  await tx.run(
    `update messages set recipient = null, recipient_key = null, last_reply = case when ${isOurs} then last_reply end
      where tenant_id = $1 and user_id = any($2)
        and (recipient is not null or recipient_key is not null or not ${isOurs})`,
    [...values, keptInMailbox],
  );
  await tx.run(
    `update message_attempts set reply = null
      where tenant_id = $1 and message_id in ${ofThem} and reply is not null`,
    values,
  );
  await tx.run(`delete from mailbox_messages where tenant_id = $1 and id in ${ofThem}`, values);
}

/** Words of ours, which name nobody. */
const isOurs = "(state = 'withdrawn' or coalesce(last_reply, $3) = $3)";
