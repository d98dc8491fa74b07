import type { Tx } from "#server/platform/db/tx.ts";
import type { Language } from "../tenants/tenant-settings.ts";
import { keptInMailbox, type MessageState } from "./contract.ts";
import { failedStates, wasKept } from "./store.ts";

/** Which messages: every part that is given narrows further. */
export type MessageFilter = {
  userIds?: readonly string[] | undefined;
  kind?: string | undefined;
  /** Those that told the people this import made of their account. */
  importId?: string | undefined;
  /** Made at or after the one and before the other. */
  from?: Date | undefined;
  before?: Date | undefined;
};

export type ListedMessage = {
  id: string;
  user_id: string;
  kind: string;
  about: string | null;
  state: MessageState;
  attempts: number;
  recipient: string | null;
  last_reply: string | null;
  created_at: Date;
  due_at: Date | null;
  finished_at: Date | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  role: string | null;
  language: Language | null;
};

type Value = (given: unknown) => string;

const kept = (message: string) => wasKept.replace(/state|last_reply/g, (column) => `${message}.${column}`);

/** A message that waits for its time is queued in the table; each state is named so that its index serves it. */
const stateSql: Record<MessageState, string> = {
  held: "m.state = 'held'",
  scheduled: "m.state = 'queued' and m.not_before > now()",
  queued: "m.state = 'queued' and (m.not_before is null or m.not_before <= now())",
  sending: "m.state = 'sending'",
  deferred: "m.state = 'deferred'",
  accepted: `m.state = 'accepted' and m.last_reply is distinct from '${keptInMailbox}'`,
  kept: kept("m"),
  refused: "m.state = 'refused'",
  bounced: "m.state = 'bounced'",
  expired: "m.state = 'expired'",
  withdrawn: "m.state = 'withdrawn'",
};
export const messageStates = Object.keys(stateSql) as MessageState[];

function filterSql({ userIds, kind, importId, from, before }: MessageFilter, value: Value): string[] {
  const where = ["m.tenant_id = $1"];
  if (userIds) where.push(`m.user_id = any(${value(userIds)}::uuid[])`);
  if (kind) where.push(`m.kind = ${value(kind)}`);
  if (from) where.push(`m.created_at >= ${value(from)}`);
  if (before) {
    where.push(`m.created_at < ${value(before)}`);
    // Ids are made in the order of time: whatever is newer is skipped in the index.
    where.push(`m.id <= ${value(lastIdAt(before))}::uuid`);
  }
  if (importId) {
    where.push(`m.kind like 'user.%' and m.user_id in (
      select r.user_id from import_rows r
       where r.tenant_id = $1 and r.import_id = ${value(importId)} and r.existing_id is null
         and r.outcome in ('created', 'invited', 'undone', 'kept'))`);
  }
  return where;
}

/** The highest id of version 7 of a moment; a minute more, since servers' clocks differ. */
function lastIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime() + 60_000)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7fff-bfff-ffffffffffff`;
}

const listedColumns = `m.id, m.user_id, m.kind, m.about, m.attempts, m.recipient, m.last_reply, m.created_at, m.finished_at,
  case when m.state = 'queued' and m.not_before > now() then 'scheduled'
       when ${kept("m")} then 'kept' else m.state end as state,
  case when m.state in ('queued', 'deferred') and m.due_at < 'infinity'
       then greatest(m.due_at, m.not_before, m.created_at) end as due_at,
  u.first_name, u.last_name, u.email, u.role, u.language`;
const withPerson = `left join users u on u.tenant_id = m.tenant_id and u.id = m.user_id and u.deleted_at is null`;

type Page = {
  state: MessageState | undefined;
  /** The id of the last message of the page before. */
  after: string | null;
  limit: number;
};

/** The newest first: ids are made in the order of time. */
export function listMessages(
  tx: Tx,
  tenantId: string,
  { filter, page }: { filter: MessageFilter; page: Page },
) {
  const values: unknown[] = [tenantId];
  const value: Value = (given) => `$${values.push(given)}`;
  const where = filterSql(filter, value);
  if (page.state) where.push(stateSql[page.state]);
  if (page.after) where.push(`m.id < ${value(page.after)}`);
  return tx.rows<ListedMessage>(
    `with page as (
       select m.* from messages m where ${where.join(" and ")} order by m.id desc limit ${value(page.limit)})
     select ${listedColumns} from page m ${withPerson} order by m.id desc`,
    values,
  );
}

export const readMessage = (tx: Tx, tenantId: string, id: string) =>
  tx.row<ListedMessage>(
    `select ${listedColumns} from messages m ${withPerson} where m.tenant_id = $1 and m.id = $2`,
    [tenantId, id],
  );

export type AttemptRow = { outcome: string; at: Date; reply: string | null };

/** What was said of a message before its latest reply, the newest first. */
export const listAttempts = (tx: Tx, tenantId: string, messageId: string) =>
  tx.rows<AttemptRow>(
    "select outcome, at, reply from message_attempts where tenant_id = $1 and message_id = $2 order by at desc, no desc",
    [tenantId, messageId],
  );

/** How many messages there are of each state, counted to `atMost` and one more: then there are more than that. */
export async function countMessages(
  tx: Tx,
  tenantId: string,
  { filter, atMost }: { filter: MessageFilter; atMost: number },
) {
  const values: unknown[] = [tenantId];
  const where = filterSql(filter, (given) => `$${values.push(given)}`);
  const rows = await tx.rows<{ state: MessageState; messages: number }>(
    messageStates
      .map(
        (state) =>
          `select '${state}' as state, count(*)::int as messages
             from (select from messages m where ${[...where, stateSql[state]].join(" and ")} limit ${atMost + 1}) m`,
      )
      .join(" union all "),
    values,
  );
  return new Map(rows.map(({ state, messages }) => [state, messages]));
}

export type UnreachedPerson = { user_id: string; status: string; role: string };

/** Of which messages: where there is a mail server by now, also of those that were kept for want of one. */
type Unreached = { filter: MessageFilter; state: MessageState | undefined; orKept: boolean; limit: number };

function unreachedSql({ filter, state, orKept }: Unreached, value: Value): string {
  const never = `${kept("m")} and (u.status = 'invited' or u.last_sign_in_at is null)`;
  const where = [
    ...filterSql(filter, value),
    orKept ? `(m.state in ${failedStates} or ${never})` : `m.state in ${failedStates}`,
    "(m.kind like 'user.%' or m.kind like 'invitation.%')",
  ];
  if (state) where.push(stateSql[state]);
  return `messages m
       join users u on u.tenant_id = m.tenant_id and u.id = m.user_id and u.deleted_at is null
        and u.status <> 'suspended' and u.mail_failed_at is null
      where ${where.join(" and ")}
        and not exists (select from messages n where n.tenant_id = $1 and n.user_id = m.user_id
                         and (n.created_at, n.id) > (m.created_at, m.id))`;
}

/**
 * Whose latest message about their account did not reach them, and is one of these; nobody whose address has to be corrected
 * first, and nobody who got in without it. In the order of their ids.
 */
export function listUnreached(tx: Tx, tenantId: string, which: Unreached) {
  const values: unknown[] = [tenantId];
  const value: Value = (given) => `$${values.push(given)}`;
  return tx.rows<UnreachedPerson>(
    `select u.id as user_id, u.status, u.role from ${unreachedSql(which, value)}
      order by u.id limit ${value(which.limit)}`,
    values,
  );
}

/** How many people were never sent their latest message, because there was no mail server: counted to `atMost` and one more. */
export async function countNeverSent(tx: Tx, tenantId: string, atMost: number): Promise<number> {
  const values: unknown[] = [tenantId];
  const which: Unreached = { filter: {}, state: "kept", orKept: true, limit: atMost + 1 };
  const unreached = unreachedSql(which, (given) => `$${values.push(given)}`);
  const row = await tx.row<{ people: number }>(
    `select count(*)::int as people from (select from ${unreached} limit ${which.limit}) n`,
    values,
  );
  return row?.people ?? 0;
}
