import type { Context } from "#server/context.ts";

type MailFailure = { userId: string; emailKey: string; reply: string };

/**
 * Marks addresses as ones that email comes back from, where they are still those of these people, and answers whose. Of rows
 * this transaction has locked. Their version stays: nobody has changed who they are, and whoever is changing them at that
 * moment need not look again.
 */
export async function writeMailFailures({ tx, tenantId, now }: Context, failures: readonly MailFailure[]) {
  const rows = await tx.rows<{ id: string }>(
    `update users u set mail_failed_at = $5, mail_failed_reply = f.reply, updated_at = $5
       from unnest($2::uuid[], $3::text[], $4::text[]) f(id, email_key, reply)
      where u.tenant_id = $1 and u.id = f.id and u.email_key = f.email_key
        and u.mail_failed_at is null and u.deleted_at is null
      returning u.id`,
    [
      tenantId,
      failures.map(({ userId }) => userId),
      failures.map(({ emailKey }) => emailKey),
      failures.map(({ reply }) => reply),
      now,
    ],
  );
  return rows.map(({ id }) => id);
}

/** Takes the mark away. Of rows this transaction has locked. */
export const clearMailFailed = ({ tx, tenantId, now }: Context, userIds: readonly string[]) =>
  tx.run(
    `update users set mail_failed_at = null, mail_failed_reply = null, updated_at = $3
      where tenant_id = $1 and id = any($2)`,
    [tenantId, userIds, now],
  );
