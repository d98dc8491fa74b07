import type { Context } from "#server/context.ts";
import { manageableRoles } from "#server/permissions.ts";
import type { SqlSource } from "#server/platform/db/sql-source.ts";
import { holdGroups } from "../groups/store.ts";
import { addingParts, addNewMemberships, removingParts } from "../groups/store-memberships.ts";
import { usersAmongSql } from "../users/store-selection.ts";
import { type ActingUser, type BulkWork, classifiedSql } from "./classify.ts";
import { recordMembers } from "./perform.ts";
import { type BulkRecord, type Counts, copyAsChanged, markBatchDone, type Outcome } from "./store.ts";

type Settled = { outcome: Outcome | "all changed"; about: string; people: number };

type Doing = { work: BulkWork; actor: ActingUser; manner: "one by one" | undefined };

/** Puts a batch's people, who are held, into groups or takes them out, and writes down what became of each. */
export async function changeGroupsOfBatch(ctx: Context, found: BulkRecord, doing: Doing): Promise<Counts> {
  const { work, actor, manner } = doing;
  const held = [...(await holdGroups(ctx, work.groupIds))];
  const add = !manner && work.action === "add_to_groups" && held.length > 0;
  const settled =
    add && (await allAreNew(ctx, found, { actor, held }))
      ? await addAll(ctx, found, held)
      : await settleEach(ctx, found, { work, actor, held });
  await markBatchDone(ctx, found);
  await recordMembers(ctx, work, new Map(settled.filter(isGroup).map((row) => [row.about, row.people])));
  return countsOf(settled);
}

/** May everybody of the batch be added, and is nobody in one of the groups? Then nobody need be told from the others. */
async function allAreNew({ tx, tenantId }: Context, found: BulkRecord, { actor, held }: Held) {
  const row = await tx.row<{ all_new: boolean }>(
    `with batch as materialized (${batchSql(found).sql})
     select (select count(*) from users u
              where u.tenant_id = $1 and u.deleted_at is null and u.id = any(array(select user_id from batch))
                and (u.id = $4 or u.role = any($5))) = (select count(*) from batch)
            and not exists (select from memberships m
              where m.tenant_id = $1 and m.group_id = any($6) and m.user_id = any(array(select user_id from batch))) as all_new`,
    [tenantId, ...batchSql(found).values, actor.id, manageableRoles(actor.role), held],
  );
  return row?.all_new ?? false;
}

type Held = { actor: ActingUser; held: readonly string[] };

async function addAll(ctx: Context, found: BulkRecord, held: readonly string[]): Promise<Settled[]> {
  const people = await copyAsChanged(ctx, found, held);
  await addNewMemberships(ctx, {
    sql: `select b.user_id, g.id as group_id from (${batchSql(found).sql}) b cross join unnest($4::uuid[]) g(id)`,
    values: [...batchSql(found).values, held],
  });
  return [
    ...held.map((about) => ({ outcome: "changed" as const, about, people })),
    { outcome: "all changed", about: "", people },
  ];
}

/**
 * Some may not be added, or are there already: each is looked at, in one statement, and their ids never leave the database.
 * Sets are taken from one another with EXCEPT: without statistics a join of what statements have just made is done row by
 * row.
 */
function settleEach(ctx: Context, found: BulkRecord, { work, actor, held }: Held & { work: BulkWork }) {
  const people = classifiedSql(work, actor, usersAmongSql(batchSql(found)), "at refusals");
  const allowed: SqlSource = { sql: "select user_id from allowed", values: people.values };
  const changing = (work.action === "add_to_groups" ? addingParts : removingParts)(allowed, held);
  return ctx.tx.rows<Settled>(
    `with people as materialized (${people.sql}),
       allowed as materialized (select user_id from people where reason is null),
       ${changing.parts},
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
}

/** Its first two values are the action and the batch, wherever it is put. */
const batchSql = ({ id, next_batch }: BulkRecord): SqlSource => ({
  sql: "select unnest(user_ids) as user_id from bulk_batches where tenant_id = $1 and action_id = $2 and no = $3",
  values: [id, next_batch],
});

const isGroup = ({ outcome }: Settled) => outcome === "changed";

function countsOf(rows: readonly Settled[]): Counts {
  const sum = (outcome: Settled["outcome"]) =>
    rows.filter((row) => row.outcome === outcome).reduce((all, { people }) => all + people, 0);
  return { changed: sum("all changed"), unchanged: sum("unchanged"), refused: sum("refused") };
}
