import type { Tx } from "#server/platform/db/tx.ts";
import { editionAt } from "../../tenants/store-letter-changes.ts";
import { keptInMailbox } from "../contract.ts";

/** What became of a claimed message. */
export type Outcome = {
  id: string;
  userId: string;
  state: "queued" | "deferred" | "accepted" | "refused" | "expired" | "withdrawn";
  /** Was it handed over, or was there at least an attempt? */
  tried: boolean;
  recipient: string | null;
  reply: string | null;
  dueAt: Date | null;
  /** Of what was put together: of how its tenant's emails looked then. */
  edition?: number | undefined;
};

/** `sender`: null of those that go past the queue. */
type Noting = { tenantId: string; sender: string | null; now: Date };

const unsuccessful: ReadonlySet<Outcome["state"]> = new Set(["deferred", "refused", "expired"]);

/**
 * Notes outcomes: of all of these, or the transaction fails (`isForeignClaim`), at the latest at its end. Nobody waits for
 * the database before that.
 */
export function noteOutcomes(tx: Tx, outcomes: readonly Outcome[], noting: Noting): void {
  tx.send(notingSql, [
    noting.tenantId,
    noting.sender,
    noting.now,
    outcomes.map((outcome) => outcome.id),
    outcomes.map((outcome) => outcome.userId),
    outcomes.map((outcome) => outcome.state),
    outcomes.map((outcome) => outcome.tried),
    outcomes.map((outcome) => outcome.recipient),
    outcomes.map((outcome) => outcome.reply),
    outcomes.map((outcome) => outcome.dueAt),
    outcomes.map((outcome) => outcome.edition ?? null),
    keptInMailbox,
  ]);
  const ids = outcomes.filter(({ state }) => unsuccessful.has(state)).map(({ id }) => id);
  if (ids.length > 0) keepAttempts(tx, ids, noting);
}

/** Raised by `app.refuse_foreign_claim`. */
export const isForeignClaim = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "MU001";

/** Which of these this sender still has a claim on. */
export async function ownClaims(tx: Tx, ids: readonly string[], { tenantId, sender }: Omit<Noting, "now">) {
  const rows = await tx.rows<{ id: string }>(
    "select id from messages where tenant_id = $1 and id = any($2::uuid[]) and claimed_by is not distinct from $3",
    [tenantId, ids, sender],
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * Each row is found by its key: by the index of claims every one of them would be looked at, those that are noted already and
 * not vacuumed yet too. `is not distinct from` keeps PostgreSQL from that; only a message that is being sent is claimed.
 * Of which edition it is tells the moment, but for those few that were in hand while something was changed. Of somebody who has
 * been erased meanwhile neither the address nor a word that may name it is written.
 */
const notingSql = `
  with noted as (
    update messages m
       set state = o.state, claimed_by = null, attempts = m.attempts + o.tried::int,
           recipient = case when u.id is not null then coalesce(o.recipient, m.recipient) end,
           recipient_key = case when o.state = 'accepted' then u.email_key end,
           last_reply = case when o.reply = $12 or o.state = 'withdrawn' or u.id is not null
                             then coalesce(o.reply, m.last_reply) end,
           due_at = coalesce(o.due_at, m.due_at),
           finished_at = case when o.state not in ('queued', 'deferred') then $3::timestamptz end
      from unnest($4::uuid[], $5::uuid[], $6::text[], $7::bool[], $8::text[], $9::text[], $10::timestamptz[], $11::int[])
             o(id, user_id, state, tried, recipient, reply, due_at, edition)
      left join users u on u.tenant_id = $1 and u.id = o.user_id
     where m.tenant_id = $1 and m.id = o.id and m.claimed_by is not distinct from $2
    returning m.id, o.edition, m.finished_at),
  of_another_edition as (
    insert into message_editions (tenant_id, message_id, edition)
    select $1, n.id, n.edition from noted n
     where n.finished_at is not null and n.edition <> ${editionAt("$3")}
    on conflict (tenant_id, message_id) do update set edition = excluded.edition)
  select app.refuse_foreign_claim() where (select count(*) from noted) < cardinality($4::uuid[])`;

/** Remembers a try that did not succeed, as the message's row has it; of many tries the first nineteen and the latest. */
const keepAttempts = (tx: Tx, ids: readonly string[], { tenantId, now }: Noting) =>
  tx.send(
    `insert into message_attempts (tenant_id, message_id, outcome, no, at, reply)
     select m.tenant_id, m.id, m.state, least(m.attempts, 20), $3, m.last_reply
       from messages m where m.tenant_id = $1 and m.id = any($2::uuid[])
     on conflict (tenant_id, message_id, outcome, no) do update set at = excluded.at, reply = excluded.reply`,
    [tenantId, ids, now],
  );
