import type { Context } from "#server/context.ts";
import type { Role } from "#server/permissions.ts";
import type { ImportRecord } from "../store.ts";
import { among, type Places } from "../store-places.ts";

/** Every row that nothing is wrong with is taken up again; what it is planned for is found out anew. */
export const forgetPlan = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `update import_rows set outcome = 'ready', existing_id = null, plan = null
      where tenant_id = $1 and import_id = $2
        and outcome in ('duplicate', 'existing', 'update', 'unchanged', 'unknown_group')`,
    [tenantId, importId],
  );

/** The groups that rows waited for are there now: those that change somebody are planned anew. Answers how many. */
export const takeUpWaitingChanges = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `update import_rows set outcome = 'ready', existing_id = null
      where tenant_id = $1 and import_id = $2 and outcome = 'unknown_group' and existing_id is not null`,
    [tenantId, importId],
  );

/** Undoing removes these groups again where nobody else is in them. */
export const noteMadeGroups = ({ tx, tenantId }: Context, importId: string, groupIds: readonly string[]) =>
  tx.run(
    "update import_groups set made = true where tenant_id = $1 and import_id = $2 and group_id = any($3)",
    [tenantId, importId, groupIds],
  );

/** Rows of people who are users already are taken up again: what they change is to be found out otherwise. */
export const takeUpExisting = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `update import_rows set outcome = 'ready', existing_id = null, plan = null
      where tenant_id = $1 and import_id = $2 and existing_id is not null`,
    [tenantId, importId],
  );

/** Rows that name one of these groups are taken up again: it stands for another one. */
export const takeUpNaming = ({ tx, tenantId }: Context, importId: string, nameKeys: readonly string[]) =>
  tx.run(
    `update import_rows set outcome = 'ready', existing_id = null, plan = null
      where tenant_id = $1 and import_id = $2 and group_keys && $3
        and outcome in ('existing', 'update', 'unchanged', 'unknown_group')`,
    [tenantId, importId, nameKeys],
  );

/** The same for some rows only. */
export function takeUp({ tx, tenantId }: Context, importId: string, places: Places) {
  const { where, values } = among(places, 3);
  return tx.run(
    `update import_rows r set outcome = 'ready', existing_id = null, plan = null
      where r.tenant_id = $1 and r.import_id = $2 and r.outcome <> 'problem'${where}`,
    [tenantId, importId, ...values],
  );
}

/** A row whose address stands in an earlier row that is ready is a duplicate of that one. */
export function markDuplicates({ tx, tenantId }: Context, importId: string, places?: Places) {
  const { where, values } = among(places, 3);
  return tx.run(
    `with ranked as (
       select file_no, row_no, first_value(row_no) over same_address as first_row,
              first_value(file_no) over same_address as first_file, row_number() over same_address as place
         from import_rows r where r.tenant_id = $1 and r.import_id = $2 and r.outcome = 'ready'${where}
       window same_address as (partition by email_key order by file_no, row_no))
     update import_rows r
        set outcome = 'duplicate', plan = jsonb_build_object('first', jsonb_build_array(d.first_file, d.first_row))
       from ranked d
      where d.place > 1 and r.tenant_id = $1 and r.import_id = $2 and r.file_no = d.file_no and r.row_no = d.row_no`,
    [tenantId, importId, ...values],
  );
}

/** Which group each name stands for: the one somebody chose, as long as there is it, or the one of that name. */
const groupOfName = `coalesce(case when named.chosen then chosen.id end, same.id)`;
const namesOfImport = `import_groups named
  left join groups chosen on chosen.tenant_id = named.tenant_id and chosen.id = named.group_id
  left join groups same on same.tenant_id = named.tenant_id and same.name_key = named.name_key`;

/** Answers how many names stand for another group than before. */
export const findGroups = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `update import_groups i set group_id = d.id, chosen = i.chosen and d.kept
       from (select named.name_key, ${groupOfName} as id, chosen.id is not null as kept from ${namesOfImport}
              where named.tenant_id = $1 and named.import_id = $2) d
      where i.tenant_id = $1 and i.import_id = $2 and i.name_key = d.name_key and i.group_id is distinct from d.id`,
    [tenantId, importId],
  );

export type ExistingRules = {
  existing: ImportRecord["existing"];
  /** Whose names and groups the importer may change. */
  roles: readonly Role[];
  /** Files with a column of groups, and files whose names are the people's own and no guesses. */
  filesWithGroups: readonly number[];
  filesWithNames: readonly number[];
};

/** A row whose address is a user's: left out, or taken further as a change. Whom the importer may not change is left out. */
export function markExisting(
  { tx, tenantId }: Context,
  importId: string,
  { existing, roles }: ExistingRules,
  places?: Places,
) {
  const { where, values } = among(places, 5);
  return tx.run(
    `update import_rows r
        set existing_id = u.id,
            outcome = case when $3 = 'skip' or not u.role = any($4) then 'existing' else r.outcome end,
            plan = case when $3 <> 'skip' and not u.role = any($4)
                        then jsonb_build_object('why', case u.role when 'owner' then 'owner' else 'rank' end) end
       from users u
      where r.tenant_id = $1 and r.import_id = $2 and r.outcome = 'ready'${where}
        and u.tenant_id = $1 and u.email_key = r.email_key and u.deleted_at is null`,
    [tenantId, importId, existing, roles, ...values],
  );
}

/** Rows that name a group which is none wait for it. */
export async function holdForGroups({ tx, tenantId }: Context, importId: string, places?: Places) {
  const found = await tx.row<{ keys: string[] | null }>(
    `select array_agg(name_key) as keys from import_groups
      where tenant_id = $1 and import_id = $2 and group_id is null`,
    [tenantId, importId],
  );
  if (!found?.keys) return;
  const { where, values } = among(places, 4);
  await tx.run(
    `update import_rows r set outcome = 'unknown_group'
      where r.tenant_id = $1 and r.import_id = $2 and r.outcome = 'ready' and r.group_keys && $3${where}`,
    [tenantId, importId, found.keys, ...values],
  );
}

/**
 * Old and new of each row `r` whose address is the user `u`'s: names and language where they differ, groups it adds and,
 * where groups are replaced, those it takes away. An empty language is the tenant's there; otherwise it says nothing. Its values are `$3` to `$5` (see `valuesOf`).
 */
const changes = `
  from import_rows r
  join users u on u.tenant_id = r.tenant_id and u.id = r.existing_id and u.deleted_at is null
  cross join lateral (select array(select i.group_id from unnest(r.group_keys) k
      join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.name_key = k
     where i.group_id is not null) as wanted) w
  cross join lateral (select array(select m.group_id from memberships m
     where m.tenant_id = $1 and m.user_id = u.id) as has) h
  cross join lateral (select
      array(select g from unnest(w.wanted) g except select unnest(h.has) order by 1) as added,
      case when $3 = 'replace_groups' and r.file_no = any($4::int[])
           then array(select g from unnest(h.has) g except select unnest(w.wanted) order by 1)
           else '{}' end as removed,
      r.file_no = any($5::int[]) and r.first_name <> u.first_name as first_differs,
      r.file_no = any($5::int[]) and r.last_name <> u.last_name as last_differs,
      (case when $3 = 'replace_groups' then r.language else nullif(r.language, '') end
        <> coalesce(u.language, '')) is true as language_differs) c`;

const planOf = `jsonb_strip_nulls(jsonb_build_object('version', u.version,
  'firstName', case when c.first_differs then jsonb_build_array(u.first_name, r.first_name) end,
  'lastName', case when c.last_differs then jsonb_build_array(u.last_name, r.last_name) end,
  'language', case when c.language_differs then jsonb_build_array(coalesce(u.language, ''), r.language) end,
  'add', case when c.added <> '{}' then to_jsonb(c.added) end,
  'remove', case when c.removed <> '{}' then to_jsonb(c.removed) end))`;

const changesSomething =
  "(c.first_differs or c.last_differs or c.language_differs or c.added <> '{}' or c.removed <> '{}')";

const valuesOf = ({ existing, filesWithGroups, filesWithNames }: ExistingRules) => [
  existing,
  filesWithGroups,
  filesWithNames,
];

/** Does row `r` name a group that is none yet? Who would be in it is then not unchanged. */
const waitsForGroup = `exists (select from unnest(r.group_keys) k
  join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.name_key = k where i.group_id is null)`;

/**
 * What rows that are ready change of existing users, or that they change nothing. Where a row changes nothing, nothing of it
 * is left out either: an owner's row that says what is so already is unchanged like any other.
 */
export function planChanges(
  { tx, tenantId }: Context,
  importId: string,
  rules: ExistingRules,
  places?: Places,
) {
  const { where, values } = among(places, 6);
  return tx.run(
    `update import_rows t
        set outcome = case when d.differs then 'update' else 'unchanged' end, plan = d.plan
       from (select r.file_no, r.row_no, ${changesSomething} as differs,
                    case when ${changesSomething} then ${planOf} end as plan ${changes}
              where r.tenant_id = $1 and r.import_id = $2 and r.existing_id is not null${where}
                and (r.outcome = 'ready' or r.outcome = 'existing' and not ${changesSomething} and not ${waitsForGroup})) d
      where t.tenant_id = $1 and t.import_id = $2 and t.file_no = d.file_no and t.row_no = d.row_no`,
    [tenantId, importId, ...valuesOf(rules), ...values],
  );
}

/** Is anything different by now from what the plan was made from: somebody new or gone, changed, a group made or deleted? */
export async function isPlanStale(
  { tx, tenantId }: Context,
  importId: string,
  rules: ExistingRules,
): Promise<boolean> {
  const found = await tx.row<{ stale: boolean }>(
    `select exists (select from import_rows r join users u on u.tenant_id = $1 and u.email_key = r.email_key
                     where r.tenant_id = $1 and r.import_id = $2 and r.outcome in ('ready', 'unknown_group')
                       and r.existing_id is null and u.deleted_at is null)
         or exists (select from import_rows r
                     where r.tenant_id = $1 and r.import_id = $2 and r.existing_id is not null
                       and not exists (select from users u where u.tenant_id = $1 and u.id = r.existing_id
                                          and u.email_key = r.email_key and u.deleted_at is null
                                          and (r.outcome in ('existing', 'unchanged') or u.role = any($6))))
         or exists (select ${changes}
                     where r.tenant_id = $1 and r.import_id = $2 and r.outcome in ('update', 'unchanged')
                       and r.plan is distinct from case when ${changesSomething} then ${planOf} end)
         or exists (select from ${namesOfImport} where named.tenant_id = $1 and named.import_id = $2
                       and named.group_id is distinct from ${groupOfName}) as stale`,
    [tenantId, importId, ...valuesOf(rules), rules.roles],
  );
  return found?.stale ?? false;
}

/** The groups that rows wait for and nobody has made, those of most rows first. */
export const listUnknownGroups = ({ tx, tenantId }: Context, importId: string, most: number | null) =>
  tx.rows<{ name: string; rows: number; nearest_id: string | null; nearest: string | null }>(
    `select i.name, i.rows, g.id as nearest_id, g.name as nearest
       from import_groups i left join groups g on g.tenant_id = i.tenant_id and g.id = i.nearest_group_id
      where i.tenant_id = $1 and i.import_id = $2 and i.group_id is null and i.rows > 0
      order by i.rows desc, app.natural_order(i.name_key) limit $3`,
    [tenantId, importId, most],
  );

/** Which of these names stand for no group, and which group each comes nearest to. */
export const findUnknownGroups = ({ tx, tenantId }: Context, importId: string, nameKeys: readonly string[]) =>
  tx.rows<{ name_key: string; nearest: string | null }>(
    `select i.name_key, g.name as nearest
       from import_groups i left join groups g on g.tenant_id = i.tenant_id and g.id = i.nearest_group_id
      where i.tenant_id = $1 and i.import_id = $2 and i.group_id is null and i.name_key = any($3)`,
    [tenantId, importId, nameKeys],
  );

/** Names in the file that stand for a group somebody chose or for an inactive one. */
export const listNotableGroups = ({ tx, tenantId }: Context, importId: string) =>
  tx.rows<{ name: string; rows: number; chosen: boolean; id: string; group_name: string; active: boolean }>(
    `select i.name, i.rows, i.chosen, g.id, g.name as group_name, g.active
       from import_groups i join groups g on g.tenant_id = i.tenant_id and g.id = i.group_id
      where i.tenant_id = $1 and i.import_id = $2 and (i.chosen or not g.active)
      order by app.natural_order(i.name_key), i.name_key limit 200`,
    [tenantId, importId],
  );

/** Which group a name in the file stands for; null: whatever group has that name. Answers the rows' names it knew. */
export const chooseGroup = (
  { tx, tenantId }: Context,
  importId: string,
  { nameKey, groupId }: { nameKey: string; groupId: string | null },
) =>
  tx.run(
    `update import_groups set group_id = $4, chosen = $4::uuid is not null
      where tenant_id = $1 and import_id = $2 and name_key = $3`,
    [tenantId, importId, nameKey, groupId],
  );

/** Does an import, when it is applied, change this user? */
export const isChangedBy = async (
  { tx, tenantId }: Context,
  { id, create_missing_groups }: ImportRecord,
  userId: string,
): Promise<boolean> =>
  (await tx.row(
    `select from import_rows where tenant_id = $1 and existing_id = $2 and import_id = $3 and outcome = any($4) limit 1`,
    [tenantId, userId, id, create_missing_groups ? ["update", "unknown_group"] : ["update"]],
  )) !== undefined;

/** How many users of rows with these outcomes have none of these roles. */
export const countChangedAbove = async (
  { tx, tenantId }: Context,
  { importId, outcomes }: { importId: string; outcomes: readonly string[] },
  roles: readonly Role[],
) =>
  (
    await tx.row<{ people: number }>(
      `select count(*)::int as people from import_rows r
         join users u on u.tenant_id = r.tenant_id and u.id = r.existing_id and u.deleted_at is null
        where r.tenant_id = $1 and r.import_id = $2 and r.outcome = any($3) and not u.role = any($4)`,
      [tenantId, importId, outcomes, roles],
    )
  )?.people ?? 0;
