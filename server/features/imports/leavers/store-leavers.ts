import type { Context } from "#server/context.ts";
import { foldText } from "../../users/person-name.ts";
import type { UserRow } from "../../users/store.ts";
import type { ImportRecord } from "../store.ts";

/**
 * Finds anew who is missing from an import of a named source: users whom a finished import of that source made, nobody with
 * a role above member, nobody suspended already, whose address stands in no row of this one. Nobody as long as one of its
 * files cannot be read: it may hold any of them. With `addresses`, looks only at the people who have one of these.
 */
export const findLeavers = (
  { tx, tenantId }: Context,
  found: ImportRecord,
  addresses?: readonly string[],
) => {
  const ofThem = addresses ? "and u.email_key = any($4)" : "";
  return tx.run(
    `with missing as materialized (
       select distinct u.id
         from imports i
         join import_rows r on r.tenant_id = i.tenant_id and r.import_id = i.id and r.outcome in ('created', 'invited', 'suspended')
         join users u on u.tenant_id = r.tenant_id and u.id = r.user_id
        where i.tenant_id = $1 and i.source = $3 and i.state = 'finished' and i.id <> $2 ${ofThem}
          and u.deleted_at is null and u.role = 'member' and u.status <> 'suspended'
          and not exists (select from import_rows here
                           where here.tenant_id = $1 and here.import_id = $2 and here.email_key = u.email_key)
          and not exists (select from import_files unread
                           where unread.tenant_id = $1 and unread.import_id = $2 and unread.problem is not null)),
       found_again as (
         delete from import_leavers l
          where l.tenant_id = $1 and l.import_id = $2 and l.user_id not in (select id from missing)
            ${addresses ? `and l.user_id in (select u.id from users u where u.tenant_id = $1 ${ofThem})` : ""})
     insert into import_leavers (tenant_id, import_id, user_id)
     select $1::uuid, $2::uuid, id from missing
     on conflict (tenant_id, import_id, user_id) do nothing`,
    [tenantId, found.id, found.source, ...(addresses ? [addresses] : [])],
  );
};

type LeaverCounts = { missing: number; ticked: number; who: string; suspended: number };

/** How many are missing, ticked and suspended; `who` is another one for other people ticked. */
export const countLeavers = async ({ tx, tenantId }: Context, importId: string): Promise<LeaverCounts> =>
  (await tx.row<LeaverCounts>(
    `select count(*)::int as missing, count(*) filter (where ticked)::int as ticked,
            coalesce(sum(hashtextextended(user_id::text, 0)::numeric) filter (where ticked), 0)::text as who,
            count(suspended_at)::int as suspended
       from import_leavers where tenant_id = $1 and import_id = $2`,
    [tenantId, importId],
  )) ?? { missing: 0, ticked: 0, who: "0", suspended: 0 };

export type LeaverRow = {
  id: string;
  name: string;
  name_key: string;
  email: string;
  ticked: boolean;
  suspended: boolean;
};

type LeaverPage = {
  /** Somewhere in the name or the address. */
  search: string | undefined;
  after: readonly [nameKey: string, id: string];
  limit: number;
};

/** People missing from an import by name, one more than `limit` where there are more. */
export const listLeavers = (
  { tx, tenantId }: Context,
  importId: string,
  { search = "", after, limit }: LeaverPage,
) =>
  tx.rows<LeaverRow>(
    `select u.id, u.first_name || ' ' || u.last_name as name, u.name_key, u.email, l.ticked,
            l.suspended_at is not null as suspended
       from import_leavers l join users u on u.tenant_id = l.tenant_id and u.id = l.user_id
      where l.tenant_id = $1 and l.import_id = $2 and (u.name_key, u.id) > ($3, $4::uuid)
        and (position($5 in u.name_key) > 0 or position($5 in u.given_key) > 0 or position($6 in u.email_key) > 0)
      order by u.name_key, u.id limit $7`,
    [tenantId, importId, ...after, foldText(search), search.normalize("NFKC").toLowerCase(), limit + 1],
  );

/** Ticks or unticks people missing from an import; null: everybody. */
export const tickLeavers = (
  { tx, tenantId }: Context,
  importId: string,
  { userIds, ticked }: { userIds: readonly string[] | null; ticked: boolean },
) =>
  tx.run(
    `update import_leavers set ticked = $4
      where tenant_id = $1 and import_id = $2 and ($3::uuid[] is null or user_id = any($3)) and ticked <> $4`,
    [tenantId, importId, userIds, ticked],
  );

/** Whose address stands in a row of an import, also of one that has a problem. */
const inFile = `
  select existing_id as user_id from import_rows where tenant_id = $1 and import_id = $2 and existing_id is not null
   union select u.id from import_rows r join users u on u.tenant_id = r.tenant_id and u.email_key = r.email_key
          and u.deleted_at is null where r.tenant_id = $1 and r.import_id = $2`;

/** Does leaver `l` belong to another import of the same source? What one source's file says is nothing about another's. */
const sameSource = `l.import_id in (
  select other.id from imports here join imports other on other.tenant_id = here.tenant_id and other.source = here.source
   where here.tenant_id = $1 and here.id = $2 and other.id <> here.id)`;

/** People whose days of grace are running and who are in the file of that source again. */
export const countBack = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.row<{ people: number }>(
      `select count(distinct l.user_id)::int as people from import_leavers l
        where l.tenant_id = $1 and l.suspend_at is not null and l.suspended_at is null and ${sameSource}
          and l.user_id in (${inFile})`,
      [tenantId, importId],
    )
  )?.people ?? 0;

/** People who were to be suspended by an earlier import of that source and were in this one's file in time. */
export const countKept = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.row<{ people: number }>(
      `select count(distinct l.user_id)::int as people
         from imports done
         join imports earlier on earlier.tenant_id = done.tenant_id and earlier.source = done.source
          and earlier.state = 'finished' and earlier.finished_at < done.finished_at
         join import_leavers l on l.tenant_id = earlier.tenant_id and l.import_id = earlier.id
          and l.ticked and l.suspend_at is null and l.suspended_at is null
         join users u on u.tenant_id = l.tenant_id and u.id = l.user_id and u.deleted_at is null
          and u.role = 'member' and u.status <> 'suspended'
        where done.tenant_id = $1 and done.id = $2 and l.user_id in (${inFile})`,
      [tenantId, importId],
    )
  )?.people ?? 0;

/** The import is done: the days of grace begin for whoever is missing, and end for whoever is back. */
export async function startGrace({ tx, tenantId, now }: Context, found: ImportRecord) {
  if (found.source === null) return;
  await tx.run(
    `update import_leavers l set suspend_at = null
      where l.tenant_id = $1 and l.suspend_at is not null and l.suspended_at is null and ${sameSource}
        and l.user_id in (${inFile})`,
    [tenantId, found.id],
  );
  await tx.run(
    `update import_leavers set suspend_at = $3::timestamptz + make_interval(days => $4)
      where tenant_id = $1 and import_id = $2 and ticked`,
    [tenantId, found.id, now, found.leavers_grace_days],
  );
}

/** As the system role: tenants in which somebody's days of grace are over. */
export const tenantsWithLeavers = (tx: Context["tx"], now: Date) =>
  tx.rows<{ tenant_id: string }>(
    `select distinct tenant_id from import_leavers
      where suspend_at is not null and suspended_at is null and suspend_at <= $1
        and exists (select from tenants t where t.id = tenant_id and t.status = 'active')`,
    [now],
  );

/** Whose days of grace are over, some at a time, and whose import it is. */
export const dueLeavers = ({ tx, tenantId, now }: Context, most: number) =>
  tx.rows<{ import_id: string; user_id: string; started_by: string | null }>(
    `select l.import_id, l.user_id, i.started_by
       from import_leavers l left join imports i on i.tenant_id = l.tenant_id and i.id = l.import_id
      where l.tenant_id = $1 and l.suspend_at is not null and l.suspended_at is null and l.suspend_at <= $2
      order by l.user_id limit $3 for update of l skip locked`,
    [tenantId, now, most],
  );

type SettledLeaver = { import_id: string; user_id: string; suspended: boolean };

/** Done with: suspended, or nobody to suspend any more. */
export const settleLeavers = ({ tx, tenantId, now }: Context, leavers: readonly SettledLeaver[]) =>
  tx.run(
    `update import_leavers l
        set suspended_at = case when d.suspended then $2::timestamptz end,
            suspend_at = case when d.suspended then l.suspend_at end
       from unnest($3::uuid[], $4::uuid[], $5::boolean[]) d(import_id, user_id, suspended)
      where l.tenant_id = $1 and l.import_id = d.import_id and l.user_id = d.user_id`,
    [
      tenantId,
      now,
      leavers.map((leaver) => leaver.import_id),
      leavers.map((leaver) => leaver.user_id),
      leavers.map((leaver) => leaver.suspended),
    ],
  );

/** Nobody is suspended any more on this import's account. */
export const takeBackLeavers = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `update import_leavers set suspend_at = null
      where tenant_id = $1 and import_id = $2 and suspend_at is not null and suspended_at is null`,
    [tenantId, importId],
  );

/**
 * Whom this import suspended and nobody has let in or suspended otherwise since; whoever was given a role meanwhile is left
 * as they are.
 */
export const suspendedLeavers = ({ tx, tenantId }: Context, importId: string, most: number | null = null) =>
  tx.rows<Pick<UserRow, "id">>(
    `select u.id from import_leavers l
       join users u on u.tenant_id = l.tenant_id and u.id = l.user_id and u.deleted_at is null
        and u.status = 'suspended' and u.role = 'member'
      where l.tenant_id = $1 and l.import_id = $2 and l.suspended_at is not null
        and not exists (select from audit_events e where e.tenant_id = $1 and e.target_id = l.user_id
                           and e.action = 'user.reactivated' and e.at > l.suspended_at)
      order by u.id limit $3`,
    [tenantId, importId, most],
  );
