import type { Context } from "#server/context.ts";
import type { PlanFacts } from "../store.ts";
import { among, type Places } from "../store-places.ts";
import { hasWarning } from "../store-rows.ts";

/** Sums over rows: what some of them add to the plan can be taken off it again. */
export type RowSums = Required<
  Pick<PlanFacts, "rows" | "warnings" | "emails" | "emailsWithGroups" | "unreadable" | "updates">
> & {
  /** Changes of users that wait for a group. */
  waiting: number;
};

/**
 * What rows add to the plan. `rows` stands for all of them: any difference in what becomes of one makes another number. With a password somebody is created,
 * without one invited.
 */
export async function sumRows(
  { tx, tenantId }: Context,
  importId: string,
  places?: Places,
): Promise<RowSums> {
  const { where, values } = among(places, 3);
  const found = await tx.row<RowSums>(
    `select coalesce(sum(hashtextextended(concat_ws(E'\\x1f', r.file_no, r.row_no, r.outcome, r.email, r.first_name,
                r.last_name, array_to_string(r.group_keys, E'\\x1e'), r.suspended, r.existing_id, r.plan,
                r.sealed_password is null, r.language), 0)::numeric), 0)::text as rows,
            count(*) filter (where ${hasWarning})::int as warnings,
            count(*) filter (where r.outcome = 'ready' and not r.suspended)::int as emails,
            count(*) filter (where r.outcome in ('ready', 'unknown_group') and not r.suspended
                               and r.existing_id is null)::int as "emailsWithGroups",
            count(*) filter (where r.outcome = 'problem' and r.email_key = '')::int as unreadable,
            count(*) filter (where r.outcome = 'update')::int as updates,
            count(*) filter (where r.outcome = 'unknown_group' and r.existing_id is not null)::int as waiting
       from import_rows r where r.tenant_id = $1 and r.import_id = $2${where}`,
    [tenantId, importId, ...values],
  );
  if (!found) throw new Error("a sum has a row");
  return found;
}

/** How many of those whom the plan changes, or would if their group were there, have a role above member. */
export const countStaff = async ({ tx, tenantId }: Context, importId: string) =>
  (await tx.row<{ updates: number; waiting: number }>(
    `select count(*) filter (where r.outcome = 'update')::int as updates,
            count(*) filter (where r.outcome = 'unknown_group')::int as waiting
       from users u join import_rows r on r.tenant_id = u.tenant_id and r.existing_id = u.id and r.import_id = $2
      where u.tenant_id = $1 and u.role <> 'member' and u.deleted_at is null`,
    [tenantId, importId],
  )) ?? { updates: 0, waiting: 0 };

export type WaitingRows = ReadonlyMap<string, number>;

/** How many rows name each unknown group and wait for it, by the name's key: rows left out for another reason do not. */
export async function countWaiting(
  { tx, tenantId }: Context,
  importId: string,
  places?: Places,
): Promise<WaitingRows> {
  const { where, values } = among(places, 3);
  const found = await tx.rows<{ name_key: string; rows: number }>(
    `select k as name_key, count(*)::int as rows from import_rows r cross join unnest(r.group_keys) k
      where r.tenant_id = $1 and r.import_id = $2 and r.outcome = 'unknown_group'${where} group by k`,
    [tenantId, importId, ...values],
  );
  return new Map(found.map((row) => [row.name_key, row.rows]));
}

const namesAndRows = (waiting: WaitingRows) => [[...waiting.keys()], [...waiting.values()]];

export const writeWaiting = ({ tx, tenantId }: Context, importId: string, waiting: WaitingRows) =>
  tx.run(
    `update import_groups i set rows = coalesce(w.rows, 0)
       from import_groups named left join unnest($3::text[], $4::int[]) w(name_key, rows) on w.name_key = named.name_key
      where i.tenant_id = $1 and i.import_id = $2 and i.group_id is null
        and named.tenant_id = $1 and named.import_id = $2 and named.name_key = i.name_key`,
    [tenantId, importId, ...namesAndRows(waiting)],
  );

/** So many rows more, or less, wait. */
export const addWaiting = ({ tx, tenantId }: Context, importId: string, more: WaitingRows) =>
  tx.run(
    `update import_groups i set rows = i.rows + w.rows from unnest($3::text[], $4::int[]) w(name_key, rows)
      where i.tenant_id = $1 and i.import_id = $2 and i.group_id is null and i.name_key = w.name_key`,
    [tenantId, importId, ...namesAndRows(more)],
  );

export const countUnknownGroups = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.row<{ groups: number }>(
      `select count(*)::int as groups from import_groups
        where tenant_id = $1 and import_id = $2 and group_id is null and rows > 0`,
      [tenantId, importId],
    )
  )?.groups ?? 0;

/** One number for which group each name in the files stands for. */
export const gatherGroups = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.row<{ groups: string }>(
      `select coalesce(sum(hashtextextended(concat_ws(E'\\x1f', name_key, group_id), 0)::numeric), 0)::text as groups
         from import_groups where tenant_id = $1 and import_id = $2 and group_id is not null`,
      [tenantId, importId],
    )
  )?.groups ?? "0";

export const countTenantUsers = async ({ tx, tenantId }: Context) =>
  (
    await tx.row<{ users: number }>(
      "select count(*)::int as users from users where tenant_id = $1 and deleted_at is null",
      [tenantId],
    )
  )?.users ?? 0;

const domainOf = (column: string) => `split_part(${column}, '@', 2)`;
const isNewPerson = "r.outcome in ('ready', 'unknown_group') and r.existing_id is null";

/** Mail domains of new people. */
export async function listDomains({ tx, tenantId }: Context, importId: string, places?: Places) {
  const { where, values } = among(places, 3);
  const found = await tx.rows<{ domain: string }>(
    `select distinct ${domainOf("r.email_key")} as domain from import_rows r
      where r.tenant_id = $1 and r.import_id = $2 and ${isNewPerson}${where}`,
    [tenantId, importId, ...values],
  );
  return found.map((row) => row.domain);
}

/** As many new domains as are named; more are not needed to stop and ask. */
export const mostDomains = 20;

/** Mail domains of new people that no user of the tenant has or had. */
export const listNewDomains = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.rows<{ domain: string }>(
      `select distinct ${domainOf("r.email_key")} as domain from import_rows r
        where r.tenant_id = $1 and r.import_id = $2 and ${isNewPerson}
       except select distinct ${domainOf("email_key")} from users where tenant_id = $1
       order by 1 limit ${mostDomains}`,
      [tenantId, importId],
    )
  ).map((row) => row.domain);

/** Which of these are such domains. Looks no further than the first row or user of each (`offset 0` keeps it a look-up). */
export const newAmongDomains = async (
  { tx, tenantId }: Context,
  importId: string,
  domains: readonly string[],
) =>
  (
    await tx.rows<{ domain: string }>(
      `select domain from unnest($3::text[]) domain
        where exists (select from import_rows r where r.tenant_id = $1 and r.import_id = $2 and ${isNewPerson}
                         and ${domainOf("r.email_key")} = domain offset 0)
          and not exists (select from users u where u.tenant_id = $1 and ${domainOf("u.email_key")} = domain offset 0)
        order by 1 limit ${mostDomains}`,
      [tenantId, importId, domains],
    )
  ).map((row) => row.domain);
