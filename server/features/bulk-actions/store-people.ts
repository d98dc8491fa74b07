import type { Context } from "#server/context.ts";
import { manageableRoles } from "#server/permissions.ts";
import { after, idsSource, type SqlSource } from "#server/platform/db/sql-source.ts";
import type { UserRow } from "../users/store.ts";
import { usersAmongSql } from "../users/store-selection.ts";
import { type ActingUser, type BulkWork, classifiedSql } from "./classify.ts";
import type { KeptReason, RefusalReason } from "./contract.ts";
import type { Outcome } from "./store.ts";

export type Fate = {
  reason: RefusalReason | null;
  unchanged: boolean;
  people: number;
  /** Of these, who is more than a member, and who is sent an email. */
  staff: number;
  emails: number;
  which: string;
  names: string[];
};

/** How many names are shown of those to whom the same happens. */
const shownNames = 3;

/**
 * How many people meet the same fate, a number for who they are, and the first of them by name. With `batches` everybody is
 * also written down as meant by that action, so many to a batch: the same people, whatever happens beside it.
 */
export function planPeople(
  { tx, tenantId }: Context,
  people: SqlSource,
  batches?: { actionId: string; size: number },
) {
  const [id, size] = [1, 2].map((k) => after(people, k));
  const meant = `
       whole as materialized (select array_agg(user_id) as ids from classified),
       meant as (
         insert into bulk_batches (tenant_id, action_id, no, user_ids)
         select $1::uuid, ${id}::uuid, no, ids[(no - 1) * ${size}::int + 1 : no * ${size}::int]
           from whole cross join generate_series(1, ceil(cardinality(ids) / ${size}::numeric)::int) no),`;
  return tx.rows<Fate>(
    `with classified as materialized (
         select user_id, role, reason, unchanged and reason is null as unchanged,
                case when reason is null and not unchanged then emailed else false end as emailed from (${people.sql}) c),
       ${batches ? meant : ""}
       fates as (
         select reason, unchanged, count(*)::int as people,
                count(*) filter (where role <> 'member')::int as staff, count(*) filter (where emailed)::int as emails, bit_xor(uuid_hash_extended(user_id, 0))::text as which
           from classified group by 1, 2)
     select f.*, array(
              select n.first_name || ' ' || n.last_name from users n
               where n.tenant_id = $1 and n.id in (
                 select c.user_id from classified c
                  where c.reason is not distinct from f.reason and c.unchanged = f.unchanged
                  limit ${shownNames})
               order by n.name_key, n.id) as names
       from fates f order by people desc, reason`,
    [tenantId, ...people.values, ...(batches ? [batches.actionId, batches.size] : [])],
  );
}

export type Classified = Pick<UserRow, "id" | "status"> & {
  reason: RefusalReason | null;
  unchanged: boolean;
};

type Batch = { work: BulkWork; actor: ActingUser; userIds: readonly string[] };

/** What becomes of each of these people, whom this transaction has locked. Who is not a user any more is not in the answer. */
export function classifyPeople({ tx, tenantId }: Context, { work, actor, userIds }: Batch) {
  const { sql, values } = classifiedSql(work, actor, usersAmongSql(idsSource(userIds)));
  return tx.rows<Classified>(`select c.user_id as id, c.status, c.reason, c.unchanged from (${sql}) c`, [
    tenantId,
    ...values,
  ]);
}

type Changed = { actionId: string; batchNo?: number };

/** How many of those whom an action changed, in one batch or in all, may do more than whoever is to take it back. */
export async function countAbove(
  { tx, tenantId }: Context,
  { actionId, batchNo }: Changed,
  actor: ActingUser,
) {
  const row = await tx.row<{ people: number }>(
    `select count(*)::int as people from users u
      where u.tenant_id = $1 and u.id <> $4 and u.role <> all($5) and u.id = any(array(
        select unnest(user_ids) from bulk_outcomes
         where tenant_id = $1 and action_id = $2 and outcome = 'changed' and ($3::int is null or batch_no = $3)))`,
    [tenantId, actionId, batchNo ?? null, actor.id, manageableRoles(actor.role)],
  );
  return row?.people ?? 0;
}

/** Whose status is the one that they were given at that moment: nobody has changed it since, not even to the same again. */
export async function sameStatusSince(
  { tx, tenantId }: Context,
  userIds: readonly string[],
  at: Date | null,
) {
  const rows = await tx.rows<{ id: string }>(
    `select id from users where tenant_id = $1 and id = any($2::uuid[]) and coalesce(status_changed_at, $3) = $3`,
    [tenantId, userIds, at],
  );
  return new Set(rows.map((row) => row.id));
}

/** How people whom an action deleted at that very moment are now, by id; who was erased is not in the answer. */
export async function afterDeletion({ tx, tenantId }: Context, userIds: readonly string[], at: Date | null) {
  const rows = await tx.rows<{ id: string; state: "as it left them" | "restored" | "deleted_again" }>(
    `select id, case when deleted_at is null then 'restored' when deleted_at = $3 then 'as it left them' else 'deleted_again' end as state
       from users where tenant_id = $1 and id = any($2::uuid[])`,
    [tenantId, userIds, at],
  );
  return new Map(rows.map((row) => [row.id, row.state]));
}

/**
 * How many of those whom an action deleted would come back, and why the others would not. Of two with one address, of whom one
 * can, both are counted. Everything is looked up by key and compared in a hash: a join of so many would be a loop in a loop.
 */
export const countAfterDeletion = ({ tx, tenantId }: Context, actionId: string, actor: ActingUser) =>
  tx.rows<{ reason: KeptReason | null; people: number }>(
    `with meant as materialized (
       select p.user_id from bulk_outcomes o cross join unnest(o.user_ids) p(user_id)
        where o.tenant_id = $1 and o.action_id = $2 and o.outcome = 'changed'),
       there as materialized (
         select u.email_key, u.role, u.deleted_at from users u
          where u.tenant_id = $1 and u.id = any(array(select user_id from meant))),
       taken as materialized (
         select h.email_key from users h
          where h.tenant_id = $1 and h.deleted_at is null
            and h.email_key = any(array(select email_key from there where deleted_at is not null))),
       counted as (
         select case when deleted_at is null then 'restored'
                     when deleted_at not in (select done_at from bulk_batches
                                              where tenant_id = $1 and action_id = $2 and done_at is not null) then 'deleted_again'
                     when role <> all($3::text[]) then 'above'
                     when email_key in (select email_key from taken) then 'address_taken' end as reason, count(*)::int as people
           from there group by reason
         union all
         select 'gone', (select count(*) from meant)::int - (select count(*) from there)::int)
     select reason, people from counted where people > 0 order by people desc, reason`,
    [tenantId, actionId, manageableRoles(actor.role)],
  );

/** Which of these actions have deleted somebody who still can be restored: a batch's people went at the moment it was done. */
export async function actionsWithDeleted({ tx, tenantId }: Context, actionIds: readonly string[]) {
  if (actionIds.length === 0) return new Set<string>();
  const rows = await tx.rows<{ id: string }>(
    `select distinct b.action_id as id from bulk_batches b
      where b.tenant_id = $1 and b.action_id = any($2::uuid[])
        and exists (select from users u where u.tenant_id = $1 and u.deleted_at = b.done_at offset 0)`,
    [tenantId, actionIds],
  );
  return new Set(rows.map((row) => row.id));
}

type PeoplePage = { actionId: string; outcome: Outcome; after: string | null; limit: number };

type ListedPerson = {
  user_id: string;
  name: string | null;
  email: string | null;
  deleted: boolean;
  about: string;
  holder: { id: string; name: string } | null;
};

/** Who had an outcome, in the order of their ids, one more than `limit` where there are more. */
export const listPeople = ({ tx, tenantId }: Context, { actionId, outcome, after, limit }: PeoplePage) =>
  tx.rows<ListedPerson>(
    `with page as materialized (
       select distinct on (p.user_id) p.user_id, o.about
         from bulk_outcomes o cross join unnest(o.user_ids) p(user_id)
        where o.tenant_id = $1 and o.action_id = $2 and o.outcome = $3 and ($4::uuid is null or p.user_id > $4)
        order by p.user_id limit $5)
     select p.user_id, u.first_name || ' ' || u.last_name as name, u.email, u.deleted_at is not null as deleted, p.about,
            (select jsonb_build_object('id', h.id, 'name', h.first_name || ' ' || h.last_name) from users h
              where h.tenant_id = $1 and h.email_key = u.email_key and h.deleted_at is null and p.about = 'address_taken') as holder
       from page p left join users u on u.tenant_id = $1 and u.id = p.user_id order by p.user_id`,
    [tenantId, actionId, outcome, after, limit + 1],
  );

/** What bulk actions did to somebody, or left alone. */
export const outcomesOf = ({ tx, tenantId }: Context, userId: string) =>
  tx.rows(
    `select b.action, b.started_at as "startedAt", o.outcome, g.name as "group",
            case when o.outcome in ('refused', 'kept') then nullif(o.about, '') end as reason
       from bulk_outcomes o
       join bulk_actions b on b.tenant_id = $1 and b.id = o.action_id
       left join groups g on g.tenant_id = $1 and g.id::text = o.about
      where o.tenant_id = $1 and $2 = any(o.user_ids) order by b.started_at, b.id, o.outcome, o.about`,
    [tenantId, userId],
  );
