import type { Context } from "#server/context.ts";

/** The messages to a person: what kind, when, to which address and what the mail server said; never what was in them. */
export const messagesAbout = ({ tx, tenantId }: Context, userId: string) =>
  tx.rows<{
    kind: string;
    state: string;
    createdAt: Date;
    finishedAt: Date | null;
    recipient: string | null;
    attempts: number;
    lastReply: string | null;
    earlierReplies: string[];
  }>(
    `select m.kind, m.state, m.created_at as "createdAt", m.finished_at as "finishedAt", m.recipient, m.attempts,
            m.last_reply as "lastReply",
            array(select a.reply from message_attempts a
                   where a.tenant_id = $1 and a.message_id = m.id and a.reply is not null order by a.at) as "earlierReplies"
       from messages m where m.tenant_id = $1 and m.user_id = $2 order by m.created_at, m.id`,
    [tenantId, userId],
  );
