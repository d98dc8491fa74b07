import type { Context } from "#server/context.ts";
import { joiningWhole } from "#server/platform/db/joining-whole.ts";
import { keptInMailbox } from "../../mail/contract.ts";
import type { Language } from "../../tenants/tenant-settings.ts";
import type { RowPlan } from "../store-rows.ts";

/**
 * What undoing does with a row. erase: the user it made, whom nobody has met yet and no file has had again since (listed). restore: old names, language and groups of the user
 * it changed. partly_changed: what is as the import left it is restored, the rest stays. The others are left alone.
 */
export type UndoAction = "erase" | "restore" | "partly_changed" | "signed_in" | "changed" | "listed" | "gone";

/** Is the user `u` still what the row `d` made of them? */
const asMade = `(u.email, u.first_name, u.last_name, u.role, u.status) = (d.email, d.first_name, d.last_name, 'member',
    case d.outcome when 'created' then 'active' else d.outcome end) and coalesce(u.language, '') = coalesce(d.language, '')`;

/**
 * The rows of an import that did something, after a place (`$3`, `$4`) and at most `$5` of them, with the user of each and
 * what undoing does with it. Somebody made is as they were made while they are what the row says and their groups are those
 * of the row that still exist: that email came back from their address, or that a later import which changed them was undone,
 * changes nothing of that. Somebody changed is as the import left them while they have the names it gave them, are in the
 * groups it put them into and in none it took them out of. Everything is fetched by ids and joined as a whole: the tables it has just filled have no
 * statistics, and row by row it takes minutes.
 */
const classified = `
  done as materialized (
    select r.file_no, r.row_no, r.email, r.first_name, r.last_name, r.language, r.plan, r.outcome, r.group_keys, r.existing_id is not null as changed,
           coalesce(r.existing_id, r.user_id) as id
      from import_rows r
     where r.tenant_id = $1 and r.import_id = $2 and (r.file_no, r.row_no) > ($3::int, $4::int)
       and r.outcome in ('created', 'invited', 'suspended', 'updated')
     order by r.file_no, r.row_no limit $5::int),
  people as materialized (
    select * from users where tenant_id = $1 and id = any(array(select id from done)) and deleted_at is null),
  named as materialized (
    select i.name_key, g.id from import_groups i join groups g on g.tenant_id = $1 and g.id = i.group_id
     where i.tenant_id = $1 and i.import_id = $2),
  naming as materialized (
    select file_no, row_no, unnest(group_keys) as name_key from done where not changed),
  wanted as materialized (
    select file_no, row_no, array_agg(distinct id order by id) as groups
      from naming join named using (name_key) group by file_no, row_no),
  held as materialized (
    select user_id, group_id from memberships where tenant_id = $1 and user_id = any(array(select id from done))),
  listed as materialized (
    select distinct e.existing_id as user_id
      from import_rows e join imports i on i.tenant_id = $1 and i.id = e.import_id and i.state in ('applying', 'finished')
     where e.tenant_id = $1 and e.import_id <> $2
       and e.existing_id = any(array(select id from done where not changed))),
  has as materialized (
    select user_id, array_agg(group_id order by group_id) as groups from held group by user_id),
  moved as materialized (
    select distinct d.file_no, d.row_no
      from done d
     cross join lateral (select g::uuid as id, true as added from jsonb_array_elements_text(d.plan->'add') g
                          union all select g::uuid, false from jsonb_array_elements_text(d.plan->'remove') g) p
      join groups g on g.tenant_id = $1 and g.id = p.id
      left join held h on h.user_id = d.id and h.group_id = p.id
     where d.changed and (h.user_id is null) = p.added),
  classified as materialized (
    select d.file_no, d.row_no, d.email, d.plan, d.outcome, u.id as user_id, u.first_name, u.last_name, u.language,
           case when u.id is null then 'gone'
                when d.changed then
                  case when (d.plan ? 'firstName' and u.first_name <> d.plan->'firstName'->>1)
                         or (d.plan ? 'lastName' and u.last_name <> d.plan->'lastName'->>1) or m.row_no is not null
                         or (d.plan ? 'language' and coalesce(u.language, '') <> d.plan->'language'->>1)
                       then 'partly_changed' else 'restore' end
                when u.last_sign_in_at is not null or (d.outcome = 'invited' and u.status = 'active') then 'signed_in'
                when not (${asMade}) or w.groups is distinct from h.groups then 'changed'
                when l.user_id is not null then 'listed'
                else 'erase' end as action
      from done d
      left join people u on u.id = d.id
      left join wanted w on w.file_no = d.file_no and w.row_no = d.row_no
      left join moved m on m.file_no = d.file_no and m.row_no = d.row_no
      left join has h on h.user_id = d.id
      left join listed l on l.user_id = d.id)`;

type Place = { after?: readonly [fileNo: number, rowNo: number]; most?: number };
const placeOf = ({ after = [0, 0], most }: Place) => [...after, most ?? null];

export type UndoRow = {
  file_no: number;
  row_no: number;
  email: string;
  plan: RowPlan | null;
  /** What the import did. */
  outcome: string;
  user_id: string | null;
  first_name: string | null;
  last_name: string | null;
  language: Language | null;
  action: UndoAction;
};

/**
 * Of these people (`user_id`): how many have been sent an email, which nobody is by the built-in mailbox, and how many emails to
 * them were not. They are found by their
 * ids alone: by state, of which there may be no statistics yet, each email would be looked for among all ids.
 */
const mailTo = (people: string) => `
  select count(distinct user_id) filter (where state = 'accepted' and last_reply is distinct from '${keptInMailbox}')::int as emailed,
         count(*) filter (where state in ('held', 'queued', 'deferred'))::int as unsent
    from messages where tenant_id = $1 and user_id = any(array(${people}))`;

type Counted = {
  /** How many rows there are of each action, and one number for which rows these are. */
  actions: { action: UndoAction; rows: number; which: string }[];
  /** Who of those who are erased has been sent an email, and emails to them that were not sent yet. */
  emailed: number;
  unsent: number;
  /** Groups the import made that only leaving people are in. */
  groups: number;
};

/** What undoing would do to whom, in one look: of a million rows it takes some seconds. */
export async function countUndo(ctx: Context, importId: string): Promise<Counted> {
  const found = await joiningWhole(ctx.tx, () =>
    ctx.tx.row<Counted>(
      `with ${classified},
         counted as (
           select action, count(*)::int as rows,
                  sum(hashtextextended(concat_ws('|', file_no, row_no, action), 0)::numeric)::text as which
             from classified group by action order by action),
         leaving as materialized (select user_id from classified where action = 'erase'),
         made as materialized (
           select distinct g.id from import_groups i
             join groups g on g.tenant_id = i.tenant_id and g.id = i.group_id and g.version = 1 and not g.protected
            where i.tenant_id = $1 and i.import_id = $2 and i.made),
         staying as materialized (
           select m.group_id from memberships m
            where m.tenant_id = $1 and m.group_id = any(array(select id from made))
              and m.user_id not in (select user_id from leaving)
              and (m.user_id, m.group_id) not in (
                select c.user_id, g::uuid from classified c cross join jsonb_array_elements_text(c.plan->'add') g
                 where c.action in ('restore', 'partly_changed') and c.plan ? 'add'))
       select (select coalesce(jsonb_agg(c), '[]') from counted c) as actions, mail.*,
              (select count(*)::int from made where id not in (select group_id from staying)) as groups
         from (${mailTo("select user_id from leaving")}) mail`,
      [ctx.tenantId, importId, ...placeOf({})],
    ),
  );
  return found ?? { actions: [], emailed: 0, unsent: 0, groups: 0 };
}

/** The rows that are left alone, or in part. */
export const listConflicts = (
  ctx: Context,
  importId: string,
  { after, limit }: { after: readonly [number, number]; limit: number },
) =>
  joiningWhole(ctx.tx, () =>
    ctx.tx.rows<UndoRow>(
      `with ${classified} select * from classified where action not in ('erase', 'restore')
        order by file_no, row_no limit $6`,
      [ctx.tenantId, importId, ...placeOf({ after }), limit + 1],
    ),
  );

export const listMadeGroups = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.rows<{ group_id: string }>(
      `select distinct group_id from import_groups
        where tenant_id = $1 and import_id = $2 and made and group_id is not null`,
      [tenantId, importId],
    )
  ).map((row) => row.group_id);

/** The users of the next rows that did something, whoever they are by now. */
export const nextUsers = async (
  { tx, tenantId }: Context,
  importId: string,
  { after, most }: Required<Place>,
) =>
  (
    await tx.rows<{ id: string }>(
      `select coalesce(existing_id, user_id) as id from import_rows
        where tenant_id = $1 and import_id = $2 and (file_no, row_no) > ($3, $4)
          and outcome in ('created', 'invited', 'suspended', 'updated')
        order by file_no, row_no limit $5`,
      [tenantId, importId, ...placeOf({ after, most })],
    )
  ).map((row) => row.id);

/** The next rows that did something, of users this transaction has locked. */
export const nextToUndo = (ctx: Context, importId: string, place: Required<Place>) =>
  joiningWhole(ctx.tx, () =>
    ctx.tx.rows<UndoRow>(`with ${classified} select * from classified order by file_no, row_no`, [
      ctx.tenantId,
      importId,
      ...placeOf(place),
    ]),
  );

export type SettledRow = Pick<UndoRow, "file_no" | "row_no"> & { kept: UndoAction | null };

/** Writes what became of rows; `kept`: what was left as it was, and why. */
export const settleUndone = ({ tx, tenantId }: Context, importId: string, rows: readonly SettledRow[]) =>
  tx.run(
    `update import_rows r
        set outcome = case when s.kept is null then 'undone' else 'kept' end,
            plan = case when s.kept is null then r.plan
                        else coalesce(r.plan, '{}') || jsonb_build_object('kept', s.kept) end
       from unnest($3::int[], $4::int[], $5::text[]) s(file_no, row_no, kept)
      where r.tenant_id = $1 and r.import_id = $2 and r.file_no = s.file_no and r.row_no = s.row_no`,
    [
      tenantId,
      importId,
      rows.map((row) => row.file_no),
      rows.map((row) => row.row_no),
      rows.map((row) => row.kept),
    ],
  );

/** Whom undoing has erased, how many of them had been sent an email, and who got back what they had, all or in part. */
export const countUndone = async ({ tx, tenantId }: Context, importId: string) =>
  (await tx.row<{ erased: number; emailed: number; restored: number }>(
    `with gone as materialized (
       select user_id from import_rows
        where tenant_id = $1 and import_id = $2 and outcome = 'undone' and existing_id is null)
     select (select count(*)::int from gone) as erased,
            (select emailed from (${mailTo("select user_id from gone")}) mail),
            (select count(*)::int from import_rows
              where tenant_id = $1 and import_id = $2 and existing_id is not null
                and (outcome = 'undone' or outcome = 'kept' and plan->>'kept' = 'partly_changed')) as restored`,
    [tenantId, importId],
  )) ?? { erased: 0, emailed: 0, restored: 0 };
