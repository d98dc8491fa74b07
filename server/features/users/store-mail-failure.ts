import type { Context } from "#server/context.ts";

/**
 * Marks somebody's address as one that email comes back from, or takes the mark away. Of a row this transaction locked. Its
 * version stays: nobody has changed who they are, and whoever is changing them at that moment need not look again.
 */
export const writeMailFailure = ({ tx, tenantId, now }: Context, userId: string, reply: string | null) =>
  tx.run(
    `update users set mail_failed_at = case when $3::text is null then null else $4::timestamptz end, mail_failed_reply = $3,
            updated_at = $4
      where tenant_id = $1 and id = $2`,
    [tenantId, userId, reply, now],
  );
