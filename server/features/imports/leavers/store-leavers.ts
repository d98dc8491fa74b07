import type { Context } from "#server/context.ts";
import type { ImportRecord } from "../store.ts";

/**
 * Finds anew who is missing from an import of a named source: users whom a finished import of that source made, nobody with
 * a role above member, nobody suspended already, whose address stands in no row of this one.
 */
export async function findLeavers({ tx, tenantId }: Context, found: ImportRecord) {
  await tx.run("delete from import_leavers where tenant_id = $1 and import_id = $2", [tenantId, found.id]);
  if (found.source === null) return;
  await tx.run(
    `insert into import_leavers (tenant_id, import_id, user_id)
     select distinct u.tenant_id, $2::uuid, u.id
       from imports i
       join import_rows r on r.tenant_id = i.tenant_id and r.import_id = i.id and r.outcome in ('created', 'invited', 'suspended')
       join users u on u.tenant_id = r.tenant_id and u.id = r.user_id
      where i.tenant_id = $1 and i.source = $3 and i.state = 'finished' and i.id <> $2
        and u.deleted_at is null and u.role = 'member' and u.status <> 'suspended'
        and not exists (select from import_rows here
                         where here.tenant_id = $1 and here.import_id = $2 and here.email_key = u.email_key)`,
    [tenantId, found.id, found.source],
  );
}

export const countLeavers = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.row<{ people: number }>(
      "select count(*)::int as people from import_leavers where tenant_id = $1 and import_id = $2",
      [tenantId, importId],
    )
  )?.people ?? 0;

export const describeLeavers = ({ tx, tenantId }: Context, importId: string) =>
  tx.rows<{ id: string; name: string; email: string; missing: number; suspended: number }>(
    `select u.id, u.first_name || ' ' || u.last_name as name, u.email, (count(*) over ())::int as missing,
            (count(l.suspended_at) over ())::int as suspended
       from import_leavers l join users u on u.tenant_id = l.tenant_id and u.id = l.user_id
      where l.tenant_id = $1 and l.import_id = $2 order by u.name_key, u.id limit 50`,
    [tenantId, importId],
  );

/** People whose days of grace are running and who are in the file again. */
export const countBack = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.row<{ people: number }>(
      `select count(distinct l.user_id)::int as people
         from import_leavers l
         join import_rows r on r.tenant_id = l.tenant_id and r.import_id = $2 and r.existing_id = l.user_id
        where l.tenant_id = $1 and l.suspend_at is not null and l.suspended_at is null`,
      [tenantId, importId],
    )
  )?.people ?? 0;

/** The import is done: the days of grace begin for whoever is missing, and end for whoever is back. */
export async function startGrace({ tx, tenantId, now }: Context, found: ImportRecord) {
  if (found.source === null) return;
  await tx.run(
    `update import_leavers l set suspend_at = null
       from import_rows r
      where l.tenant_id = $1 and l.suspend_at is not null and l.suspended_at is null
        and r.tenant_id = $1 and r.import_id = $2 and r.existing_id = l.user_id`,
    [tenantId, found.id],
  );
  if (!found.suspend_leavers) return;
  await tx.run(
    `update import_leavers set suspend_at = $3::timestamptz + make_interval(days => $4)
      where tenant_id = $1 and import_id = $2`,
    [tenantId, found.id, now, found.leavers_grace_days],
  );
}

/** As the system role: tenants in which somebody's days of grace are over. */
export const tenantsWithLeavers = (tx: Context["tx"], now: Date) =>
  tx.rows<{ tenant_id: string }>(
    `select distinct tenant_id from import_leavers
      where suspend_at is not null and suspended_at is null and suspend_at <= $1`,
    [now],
  );

/** Whose days of grace are over, some at a time. */
export const dueLeavers = ({ tx, tenantId, now }: Context, most: number) =>
  tx.rows<{ import_id: string; user_id: string }>(
    `select import_id, user_id from import_leavers
      where tenant_id = $1 and suspend_at is not null and suspended_at is null and suspend_at <= $2
      order by user_id limit $3 for update skip locked`,
    [tenantId, now, most],
  );

/** Done with: suspended, or nobody to suspend any more. */
export const settleLeaver = (
  { tx, tenantId, now }: Context,
  { import_id, user_id }: { import_id: string; user_id: string },
  suspended: boolean,
) =>
  tx.run(
    `update import_leavers set suspended_at = case when $4 then $5::timestamptz end, suspend_at = case when $4 then suspend_at end
      where tenant_id = $1 and import_id = $2 and user_id = $3`,
    [tenantId, import_id, user_id, suspended, now],
  );

/** Nobody is suspended any more on this import's account. */
export const takeBackLeavers = ({ tx, tenantId }: Context, importId: string) =>
  tx.run("update import_leavers set suspend_at = null where tenant_id = $1 and import_id = $2", [
    tenantId,
    importId,
  ]);

export async function suspendedLeavers({ tx, tenantId }: Context, importId: string): Promise<string[]> {
  const rows = await tx.rows<{ user_id: string }>(
    "select user_id from import_leavers where tenant_id = $1 and import_id = $2 and suspended_at is not null",
    [tenantId, importId],
  );
  return rows.map((row) => row.user_id);
}
