import type { z } from "zod";
import type { Context } from "#server/context.ts";
import type { BulkActionName, bulkActionState } from "./contract.ts";

export type BulkState = z.output<typeof bulkActionState>;
export type Outcome = "changed" | "unchanged" | "refused" | "undone" | "kept";
/** People by outcome. */
export type Counts = Partial<Record<Outcome, number>>;

export type BulkRecord = {
  id: string;
  action: BulkActionName;
  group_ids: string[];
  state: BulkState;
  people: number;
  counts: Counts;
  next_batch: number;
  started_by: string;
  started_at: Date;
  finished_at: Date | null;
  undo_started_by: string | null;
  problem: string | null;
};

const columns = `id, action, group_ids, state, people, counts, next_batch, started_by, started_at, finished_at,
  undo_started_by, problem`;

type NewAction = Pick<BulkRecord, "id" | "action"> & {
  groupIds: readonly string[];
  startedBy: string;
};

/** False where there is one of this id already. */
export const insertAction = async ({ tx, tenantId, now }: Context, action: NewAction) =>
  (await tx.run(
    `insert into bulk_actions (tenant_id, id, action, group_ids, state, people, started_by, started_at)
     values ($1, $2, $3, $4, 'running', 0, $5, $6) on conflict do nothing`,
    [tenantId, action.id, action.action, action.groupIds, action.startedBy, now],
  )) > 0;

export const readAction = ({ tx, tenantId }: Context, id: string, lock?: "lock") =>
  tx.row<BulkRecord>(
    `select ${columns} from bulk_actions where tenant_id = $1 and id = $2 ${lock ? "for update" : ""}`,
    [tenantId, id],
  );

type ActionPage = {
  action?: BulkActionName | undefined;
  state?: BulkState | undefined;
  startedBy?: string | undefined;
  before: readonly [at: string, id: string] | undefined;
  limit: number;
};

/** The newest first, one more than `limit` where there are more. */
export const listActions = ({ tx, tenantId }: Context, { before, limit, ...filter }: ActionPage) =>
  tx.rows<BulkRecord>(
    `select ${columns} from bulk_actions
      where tenant_id = $1 and ($2::timestamptz is null or (started_at, id) < ($2::timestamptz, $3::uuid))
        and ($5::text is null or action = $5) and ($6::text is null or state = $6)
        and ($7::uuid is null or started_by = $7)
      order by started_at desc, id desc limit $4`,
    [
      tenantId,
      before?.[0] ?? null,
      before?.[1] ?? null,
      limit + 1,
      filter.action ?? null,
      filter.state ?? null,
      filter.startedBy ?? null,
    ],
  );

type ActionChange = {
  people?: number;
  state?: BulkState;
  counts?: Counts;
  nextBatch?: number;
  finishedAt?: Date;
  undo?: { by: string; at: Date };
  /** In words; `none`: there is none any more. */
  problem?: string;
};

/** Of an action this transaction has locked. */
export const writeAction = ({ tx, tenantId }: Context, id: string, change: ActionChange) =>
  tx.run(
    `update bulk_actions set state = coalesce($3, state), counts = coalesce($4, counts),
            next_batch = coalesce($5, next_batch), finished_at = coalesce($6, finished_at),
            undo_started_by = coalesce($7, undo_started_by), undo_started_at = coalesce($8, undo_started_at),
            problem = case when $9 = 'none' then null else coalesce($9, problem) end, people = coalesce($10, people)
      where tenant_id = $1 and id = $2`,
    [
      tenantId,
      id,
      change.state ?? null,
      change.counts ? JSON.stringify(change.counts) : null,
      change.nextBatch ?? null,
      change.finishedAt ?? null,
      change.undo?.by ?? null,
      change.undo?.at ?? null,
      change.problem ?? null,
      change.people ?? null,
    ],
  );

export type Batch = { user_ids: string[]; done_at: Date | null };

/** Is there a batch that is next? */
export const hasBatch = async ({ tx, tenantId }: Context, { id, next_batch }: BulkRecord) =>
  (await tx.row("select 1 from bulk_batches where tenant_id = $1 and action_id = $2 and no = $3", [
    tenantId,
    id,
    next_batch,
  ])) !== undefined;

/** Locks the people of the batch that is next, in one order everywhere. They never leave the database. */
export const lockPeople = ({ tx, tenantId }: Context, { id, next_batch }: BulkRecord) =>
  tx.rows(
    `with locked as materialized (
       select u.id from users u
        where u.tenant_id = $1 and u.deleted_at is null and u.id = any(array(
          select unnest(user_ids) from bulk_batches where tenant_id = $1 and action_id = $2 and no = $3))
        order by u.id for update)
     select count(*) from locked`,
    [tenantId, id, next_batch],
  );

/** The batch that is next, which there is. */
export async function readBatch({ tx, tenantId }: Context, { id, next_batch }: BulkRecord): Promise<Batch> {
  const row = await tx.row<Batch>(
    "select user_ids, done_at from bulk_batches where tenant_id = $1 and action_id = $2 and no = $3",
    [tenantId, id, next_batch],
  );
  return row ?? { user_ids: [], done_at: null };
}

export type OutcomeOf = { outcome: Outcome; about?: string; userIds: readonly string[] };

/** When the batch that is next was done; undoing leaves that as it is. */
export const markBatchDone = ({ tx, tenantId, now }: Context, { id, next_batch }: BulkRecord) =>
  tx.run(
    "update bulk_batches set done_at = coalesce(done_at, $4) where tenant_id = $1 and action_id = $2 and no = $3",
    [tenantId, id, next_batch, now],
  );

/** What became of a batch's people; a batch is done once. */
export async function insertOutcomes(
  ctx: Context,
  { id, next_batch }: BulkRecord,
  outcomes: readonly OutcomeOf[],
) {
  const { tx, tenantId } = ctx;
  await tx.run(
    `insert into bulk_outcomes (tenant_id, action_id, batch_no, outcome, about, user_ids)
     select $1, $2, $3, o.outcome, o.about, array(select jsonb_array_elements_text(o.user_ids))::uuid[]
       from jsonb_to_recordset($4::jsonb) o(outcome text, about text, user_ids jsonb)`,
    [
      tenantId,
      id,
      next_batch,
      JSON.stringify(
        outcomes
          .filter(({ userIds }) => userIds.length > 0)
          .map(({ outcome, about = "", userIds }) => ({ outcome, about, user_ids: userIds })),
      ),
    ],
  );
}

/** The batch that is next was changed whole, about each of these. Answers how many people that were. */
export async function copyAsChanged(
  { tx, tenantId }: Context,
  { id, next_batch }: BulkRecord,
  abouts: readonly string[],
): Promise<number> {
  const row = await tx.row<{ people: number }>(
    `insert into bulk_outcomes (tenant_id, action_id, batch_no, outcome, about, user_ids)
     select b.tenant_id, b.action_id, b.no, 'changed', a.about, b.user_ids
       from bulk_batches b cross join unnest($4::text[]) a(about)
      where b.tenant_id = $1 and b.action_id = $2 and b.no = $3
     returning cardinality(user_ids) as people`,
    [tenantId, id, next_batch, abouts],
  );
  return row?.people ?? 0;
}

/** Whom the action changed in a batch, by what it was about. */
export async function changedIn({ tx, tenantId }: Context, actionId: string, batchNo: number) {
  const rows = await tx.rows<{ about: string; user_ids: string[] }>(
    `select about, user_ids from bulk_outcomes
      where tenant_id = $1 and action_id = $2 and batch_no = $3 and outcome = 'changed'`,
    [tenantId, actionId, batchNo],
  );
  return new Map(rows.map((row) => [row.about, row.user_ids]));
}

/** The tenant's next action to go on with: the one whose button was pressed first. Of a tenant that is suspended none goes on. */
export const nextAction = ({ tx, tenantId }: Context) =>
  tx.row<{ id: string; state: "running" | "undoing" }>(
    `select id, state from bulk_actions where tenant_id = $1 and state in ('running', 'undoing')
        and exists (select from tenants t where t.id = $1 and t.status = 'active')
      order by coalesce(undo_started_at, started_at), id limit 1`,
    [tenantId],
  );

/** As the system role: tenants that have an action to go on with. */
export const tenantsAtWork = (tx: Context["tx"]) =>
  tx.rows<{ tenant_id: string }>(
    `select distinct a.tenant_id from bulk_actions a join tenants t on t.id = a.tenant_id
      where a.state in ('running', 'undoing') and t.status = 'active'`,
  );

export const userNames = (ctx: Context, ids: readonly string[]) =>
  namesOf(ctx, "select id, first_name || ' ' || last_name as name from users", ids);

export const groupNames = (ctx: Context, ids: readonly string[]) =>
  namesOf(ctx, "select id, name from groups", ids);

async function namesOf({ tx, tenantId }: Context, select: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, string>();
  const rows = await tx.rows<{ id: string; name: string }>(
    `${select} where tenant_id = $1 and id = any($2::uuid[])`,
    [tenantId, ids],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
