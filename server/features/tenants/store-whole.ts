import type { Tx } from "#server/platform/db/tx.ts";

/**
 * A tenant as a whole, as the system role: the one place that writes tables of other features, because it must miss none,
 * also of those that do not exist yet.
 */

/** Every table that holds rows of tenants, and its columns. */
export async function listTenantTables(tx: Tx): Promise<TenantTable[]> {
  return tx.rows<TenantTable>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
            array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum) as types
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'muster'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      group by c.relname having bool_or(a.attname = 'tenant_id') order by c.relname`,
  );
}

export type TenantTable = { name: string; columns: string[]; types: string[] };

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

export const eraseRows = (tx: Tx, { name }: TenantTable, tenantId: string) =>
  tx.run(`delete from ${quoted(name)} where tenant_id = $1`, [tenantId]);

/** From here on it cannot be restored. Answers false where it is not to be erased, or not yet. */
export const startErasing = async (tx: Tx, tenantId: string, now: Date) =>
  (await tx.run(
    "update tenants set status = 'erased' where id = $1 and status in ('deleted', 'erased') and erase_at <= $2",
    [tenantId, now],
  )) > 0;

type Erased = { tenantId: string; now: Date; again: Date | null };

/** `again`: when it is looked through once more. */
export const finishErasing = (tx: Tx, { tenantId, now, again }: Erased) =>
  tx.run(
    `update tenants set name = '', settings = '{}', erase_at = $3, status_before = null, updated_at = $2
      where id = $1 and status = 'erased'`,
    [tenantId, now, again],
  );

export const listTenantsToErase = (tx: Tx, now: Date) =>
  tx.rows<{ id: string }>("select id from tenants where erase_at <= $1", [now]);

/** One moment for all that is read in this transaction; before anything else in it. */
export const readOneMoment = (tx: Tx) => tx.run("set transaction isolation level repeatable read, read only");

type Columns = { name: string; columns: readonly { column: string; type: string }[] };

/** All rows of a tenant in a table, some hundred at a time; bytes as hexadecimal digits. */
export async function* readRows(tx: Tx, { name, columns }: Columns, tenantId: string) {
  const names = columns
    .map(({ column, type }) => [`t.${quoted(column)}`, quoted(column), type] as const)
    .map(([value, as, type]) => (type === "bytea" ? `encode(${value}, 'hex') as ${as}` : value))
    .join(", ");
  await tx.run(
    `declare whole cursor for select to_jsonb(r) as row from (select ${names} from ${quoted(name)} t where tenant_id = $1) r`,
    [tenantId],
  );
  while (true) {
    const rows = await tx.rows<{ row: Record<string, unknown> }>("fetch 500 from whole");
    if (rows.length === 0) break;
    yield rows.map(({ row }) => row);
  }
  await tx.run("close whole");
}
