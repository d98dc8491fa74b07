import type { Context } from "#server/context.ts";
import type { SqlSource } from "#server/platform/db/sql-source.ts";
import { addingSql, holdGroups, removingSql } from "../groups/store.ts";
import { type ActingUser, type BulkWork, classifiedSql } from "./classify.ts";
import { recordMembers } from "./perform.ts";
import { type BulkRecord, type Counts, markBatchDone, type Outcome } from "./store.ts";

type Settled = { outcome: Outcome; about: string; people: number };

/**
 * Puts a batch's people, who are held, into groups or takes them out, and writes down what became of each, in one statement:
 * their ids never leave the database. Sets are taken from one another with EXCEPT: without statistics a join of what
 * statements have just made is done row by row. Answers how many people had which outcome.
 */
export async function changeGroupsOfBatch(
  ctx: Context,
  found: BulkRecord,
  { work, actor }: { work: BulkWork; actor: ActingUser },
): Promise<Counts> {
  const held = [...(await holdGroups(ctx, work.groupIds))];
  const people = classifiedSql(work, actor, batchSql(found), "at refusals");
  const allowed: SqlSource = { sql: "select user_id from allowed", values: people.values };
  const changing = (work.action === "add_to_groups" ? addingSql : removingSql)(allowed, held);
  const rows = await ctx.tx.rows<Settled>(
    `with people as materialized (${people.sql}),
       allowed as materialized (select user_id from people where reason is null),
       done as (${changing.sql}),
       outcomes as (
         select 'changed' as outcome, group_id::text as about, array_agg(user_id) as user_ids from done group by group_id
         union all
         select 'refused', reason, array_agg(user_id) from people where reason is not null group by reason
         union all
         select 'refused', 'gone', array_agg(user_id)
           from (${batchSql(found).sql} except all select user_id from people) gone having count(*) > 0
         union all
         select 'unchanged', '', array_agg(user_id)
           from (select user_id from allowed except select user_id from done) same having count(*) > 0),
       written as (
         insert into bulk_outcomes (tenant_id, action_id, batch_no, outcome, about, user_ids)
         select $1, $2, $3, outcome, about, user_ids from outcomes)
     select outcome, about, cardinality(user_ids) as people from outcomes
     union all select 'all changed', '', count(distinct user_id)::int from done`,
    [ctx.tenantId, ...changing.values],
  );
  await markBatchDone(ctx, found);
  await recordMembers(ctx, work.action, new Map(rows.filter(isGroup).map((row) => [row.about, row.people])));
  return countsOf(rows);
}

/** Its first two values are the action and the batch, wherever it is put. */
const batchSql = ({ id, next_batch }: BulkRecord): SqlSource => ({
  sql: "select unnest(user_ids) as user_id from bulk_batches where tenant_id = $1 and action_id = $2 and no = $3",
  values: [id, next_batch],
});

const isGroup = ({ outcome }: Settled) => outcome === "changed";

function countsOf(rows: readonly (Omit<Settled, "outcome"> & { outcome: string })[]): Counts {
  const sum = (outcome: string) =>
    rows.filter((row) => row.outcome === outcome).reduce((all, { people }) => all + people, 0);
  return { changed: sum("all changed"), unchanged: sum("unchanged"), refused: sum("refused") };
}
