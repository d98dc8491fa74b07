import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { keptInMailbox, type mailSummary } from "./contract.ts";
import { dueFirst } from "./sending/store-claims.ts";

/** There was no mail server: it was put into the built-in mailbox. Written out, so that its index serves it. */
export const wasKept = `state = 'accepted' and last_reply = '${keptInMailbox}'`;

/** As it is shown: one that waits for its time is scheduled, one that nobody got is kept. */
export const shownState = `case when state = 'queued' and not_before > now() then 'scheduled'
  when ${wasKept} then 'kept' else state end`;

/** What became of a message that did not arrive. */
export const failedStates = "('refused', 'bounced', 'expired')";

/** Inserts messages whose ids nobody has: `id`, `user_id`, `kind`, `state`, `due_at`, `not_before`, `about`. */
export const insertMessages = ({ tx, tenantId, now }: Context, messages: SqlSource) =>
  tx.run(
    `insert into messages (tenant_id, id, user_id, kind, state, due_at, first, not_before, about, created_at)
     select $1, m.id, m.user_id, m.kind, m.state, m.due_at, m.due_at = ${after(messages, 2)}, m.not_before, m.about,
            ${after(messages, 1)}
       from (${messages.sql}) m`,
    [tenantId, ...messages.values, now, dueFirst],
  );

type OfUsers = { tenantId: string; userIds: readonly string[]; now: Date };

/** Messages that waited for something become due. Answers how many: then a sender must be woken. */
export const makeDue = (tx: Tx, { tenantId, userIds, now }: OfUsers): Promise<number> =>
  tx.run(
    `update messages set due_at = greatest($3, not_before)
      where tenant_id = $1 and user_id = any($2::uuid[]) and state in ('held', 'queued') and due_at = 'infinity'`,
    [tenantId, userIds, now],
  );

/** Held messages may go now, those that wait for a password as soon as it is hashed. */
export const releaseHeld = (tx: Tx, { tenantId, userIds, now }: OfUsers): Promise<number> =>
  tx.run(
    `update messages set state = 'queued', due_at = case when due_at = 'infinity' then due_at else $3 end
      where tenant_id = $1 and user_id = any($2::uuid[]) and state = 'held'`,
    [tenantId, userIds, now],
  );

type Withdrawal = OfUsers & {
  kinds: readonly string[] | null;
  /** Of none of these kinds. */
  but: readonly string[];
  ids: readonly string[] | null;
  why: string;
};

export const withdrawUnsent = (tx: Tx, { tenantId, userIds, now, kinds, but, ids, why }: Withdrawal) =>
  tx
    .rows<{ id: string; user_id: string; kind: string }>(
      `update messages set state = 'withdrawn', was_held = state = 'held', finished_at = $3, last_reply = $5
        where tenant_id = $1 and user_id = any($2::uuid[]) and state in ('held', 'queued', 'deferred')
          and ($4::text[] is null or kind = any($4)) and ($6::uuid[] is null or id = any($6)) and kind <> all($7::text[])
        returning id, user_id, kind`,
      [tenantId, userIds, now, kinds, why, ids, but],
    )
    .then((rows) => rows.map(({ id, user_id, kind }) => ({ id, userId: user_id, kind })));

/** Those of these people whose latest message was withdrawn while it was held or before its time, and which. */
export async function withdrawnWaiting(tx: Tx, { tenantId, userIds, now }: OfUsers) {
  const rows = await tx.rows<{ user_id: string; not_before: Date | null }>(
    `select user_id, case when not was_held then not_before end as not_before
       from (select distinct on (user_id) user_id, state, was_held, not_before from messages
              where tenant_id = $1 and user_id = any($2::uuid[]) order by user_id, created_at desc, id desc) latest
      where state = 'withdrawn' and (was_held or not_before > $3)`,
    [tenantId, userIds, now],
  );
  return new Map(rows.map((row): [string, Date | "held"] => [row.user_id, row.not_before ?? "held"]));
}

export type MailSummary = z.input<typeof mailSummary>;

/** Where each person's latest message stands, of any kind or of those that tell of their account; who never got one is not in the answer. */
export async function latestMessages(
  tx: Tx,
  tenantId: string,
  userIds: readonly string[],
  kinds: "any" | "account" = "any",
) {
  const rows = await tx.prepared<{
    user_id: string;
    id: string;
    state: MailSummary["state"];
    at: Date;
    last_reply: string | null;
  }>(
    `select distinct on (user_id) user_id, id, ${shownState} as state, coalesce(finished_at, created_at) as at, last_reply
       from messages where tenant_id = $1 and user_id = any($2::uuid[]) and ($3 = 'any' or kind like 'user.%')
      order by user_id, created_at desc, id desc`,
    [tenantId, userIds, kinds],
  );
  return new Map(
    rows.map((row): [string, MailSummary] => [
      row.user_id,
      { messageId: row.id, state: row.state, at: row.at.toISOString(), lastReply: row.last_reply },
    ]),
  );
}

export type Delivery = {
  /** `scheduled`: queued, and it has not been its time yet. */
  state: MailSummary["state"] | "scheduled";
  /** When that was decided; of what is still to be sent when it is tried next, where that is known. */
  at: Date | null;
  /** The mail server's own words. */
  lastReply: string | null;
};

/** Where the latest message stands that told each of these people of their account. */
export async function listDeliveries({ tx, tenantId, now }: Context, userIds: readonly string[]) {
  const rows = await tx.rows<{
    user_id: string;
    state: Delivery["state"];
    at: Date | null;
    last_reply: string | null;
  }>(
    `select distinct on (user_id) user_id, last_reply,
            case when state = 'queued' and attempts = 0 and not_before > $3 then 'scheduled'
                 when ${wasKept} then 'kept' else state end as state,
            coalesce(finished_at, case when state in ('queued', 'deferred') and due_at < 'infinity'
                                       then greatest(due_at, created_at) end, not_before) as at
       from messages where tenant_id = $1 and user_id = any($2::uuid[]) and kind like 'user.%'
      order by user_id, created_at desc, id desc`,
    [tenantId, userIds, now],
  );
  return new Map(
    rows.map(({ user_id, last_reply, ...rest }): [string, Delivery] => [
      user_id,
      { ...rest, lastReply: last_reply },
    ]),
  );
}

/** Was the same person written to about their account later than by message `m`? */
const replaced = `exists (select from messages later
                           where later.tenant_id = m.tenant_id and later.user_id = m.user_id and later.kind like 'user.%'
                             and (later.created_at, later.id) > (m.created_at, m.id))`;

const noneCounted = {
  held: 0,
  scheduled: 0,
  queued: 0,
  sending: 0,
  deferred: 0,
  accepted: 0,
  kept: 0,
  failed: 0,
  withdrawn: 0,
};

/**
 * Where the emails stand that told the people an import made of their account, by the states that its rows show; one that
 * failed, was withdrawn or was kept counts as long as no later one took its place. Seconds of work for a million, so that it leaves
 * the other processors alone. The outcome is looked at last: right after an import the statistics still have all rows
 * ready, and a join of the few that would be left is a loop in a loop. `offset 0`: the state is found out once for each
 * email, not once for each count.
 */
export async function countMessagesOfImport(tx: Tx, tenantId: string, importId: string) {
  await tx.run("set local max_parallel_workers_per_gather = 0");
  const row = await tx.row<typeof noneCounted>(
    `select count(*) filter (where s.state = 'held')::int as held,
            count(*) filter (where s.state = 'queued' and m.not_before > now())::int as scheduled,
            count(*) filter (where s.state = 'queued' and (m.not_before <= now() or m.not_before is null))::int as queued,
            count(*) filter (where s.state = 'sending')::int as sending,
            count(*) filter (where s.state = 'deferred')::int as deferred,
            count(*) filter (where s.state = 'accepted')::int as accepted,
            count(*) filter (where s.state = 'accepted' and m.last_reply = $3)::int as kept,
            count(*) filter (where s.state in ${failedStates})::int as failed,
            count(*) filter (where s.state = 'withdrawn')::int as withdrawn
       from import_rows r join messages m on m.tenant_id = r.tenant_id and m.user_id = r.user_id
      cross join lateral (select case when r.outcome in ('created', 'invited', 'undone', 'kept')
                                       and (m.state not in ${failedStates} and m.state <> 'withdrawn' and m.last_reply is distinct from $3
                                            or not ${replaced})
                                      then m.state end as state offset 0) s
      where r.tenant_id = $1 and r.import_id = $2 and r.existing_id is null and m.kind like 'user.%'`,
    [tenantId, importId, keptInMailbox],
  );
  return row ?? noneCounted;
}
