import type { Context } from "#server/context.ts";
import type { ImportState } from "./store.ts";

/** Reading more than this takes longer than a turn of a few seconds. */
export const largeBytes = 2 * 1024 * 1024;

/** Which import of the tenant is read next, of the large ones or of the others: the first that came. */
export const nextToCheck = ({ tx, tenantId, now }: Context, size: "large" | "small") =>
  tx.row<{ id: string }>(
    `select id from imports i
      where tenant_id = $1 and state = 'checking' and not wiped and (retry_at is null or retry_at <= $2)
        and $3 = (select coalesce(sum(f.bytes), 0) > $4 from import_files f
                   where f.tenant_id = i.tenant_id and f.import_id = i.id)
      order by created_at, id limit 1`,
    [tenantId, now, size === "large", largeBytes],
  );

/**
 * Which of the tenant's imports is applied or undone next: the one whose button was pressed first. While that one waits to
 * be tried again none overtakes it. Of a tenant that is suspended none goes on.
 */
export async function nextAtWork({ tx, tenantId, now }: Context) {
  const first = await tx.row<{ id: string; state: "applying" | "undoing"; retry_at: Date | null }>(
    `select id, state, retry_at from imports where tenant_id = $1 and state in ('applying', 'undoing')
        and exists (select from tenants t where t.id = $1 and t.status = 'active')
      order by coalesce(undo_started_at, started_at), id limit 1`,
    [tenantId],
  );
  return first && (first.retry_at === null || first.retry_at <= now) ? first : undefined;
}

/** An import that is over and whose upload is still there, also one that is undone already. */
export const nextToWipe = ({ tx, tenantId }: Context) =>
  tx.row<{ id: string }>(
    `select id from imports
      where tenant_id = $1 and not wiped and state in ('finished', 'cancelled', 'failed', 'undoing', 'undo_stopped', 'undone')
      order by id limit 1`,
    [tenantId],
  );

export type RowPlace = readonly [fileNo: number, rowNo: number];

/** Wipes the passwords of the next rows of an import that have one. Answers the last of them; undefined: there are no more. */
export async function wipePasswords(
  { tx, tenantId }: Context,
  importId: string,
  { after, most }: { after: RowPlace; most: number },
): Promise<RowPlace | undefined> {
  const last = await tx.row<{ file_no: number; row_no: number }>(
    `with next as (
       select file_no, row_no from import_rows
        where tenant_id = $1 and import_id = $2 and (file_no, row_no) > ($3, $4) and sealed_password is not null
        order by file_no, row_no limit $5),
     wiped as (
       update import_rows r set sealed_password = null from next
        where r.tenant_id = $1 and r.import_id = $2 and r.file_no = next.file_no and r.row_no = next.row_no)
     select file_no, row_no from next order by file_no desc, row_no desc limit 1`,
    [tenantId, importId, ...after, most],
  );
  return last && [last.file_no, last.row_no];
}

export type UnfinishedImport = {
  tenant_id: string;
  id: string;
  state: ImportState;
  created_at: Date;
  updated_at: Date;
  wiped: boolean;
};

/** As the system role: imports that wait for a worker, for somebody, or to be wiped. */
export const listUnfinishedImports = (tx: Context["tx"]) =>
  tx.rows<UnfinishedImport>(
    `select tenant_id, id, state, created_at, updated_at, wiped from imports where not wiped or state = 'undoing'`,
  );
