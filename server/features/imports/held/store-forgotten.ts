import type { Context } from "#server/context.ts";
import type { RowPlace } from "../store-work.ts";
import { blankBecause, over } from "./store-held.ts";

/** As the system role: tenants with imports that are over and may say something of somebody they never made. */
export const tenantsToForgetIn = (tx: Context["tx"]) =>
  tx.rows<{ tenant_id: string }>(
    `select distinct tenant_id from imports where not rows_forgotten and state in ${over}`,
  );

/** The first such import that was over by then. */
export const nextToForget = ({ tx, tenantId }: Context, by: Date) =>
  tx.row<{ id: string }>(
    `select id from imports
      where tenant_id = $1 and not rows_forgotten and state in ${over} and finished_at <= $2
      order by finished_at, id limit 1`,
    [tenantId, by],
  );

/** Makes blank, of the next rows, those whose address is no user's. Answers the last it looked at; undefined: there are no more. */
export async function forgetNobodysRows(
  { tx, tenantId }: Context,
  importId: string,
  { after, most }: { after: RowPlace; most: number },
): Promise<RowPlace | undefined> {
  const last = await tx.row<{ file_no: number; row_no: number }>(
    `with next as materialized (
       select file_no, row_no, email_key from import_rows
        where tenant_id = $1 and import_id = $2 and (file_no, row_no) > ($3, $4)
        order by file_no, row_no limit $5),
     forgotten as (
       update import_rows r set ${blankBecause("forgotten")} from next n
        where r.tenant_id = $1 and r.import_id = $2 and r.file_no = n.file_no and r.row_no = n.row_no
          and r.existing_id is null and r.outcome not in ('created', 'invited', 'suspended', 'kept', 'undone')
          and not coalesce(r.plan ? 'erased', false)
          and not exists (select from users u where u.tenant_id = $1 and u.email_key = n.email_key))
     select file_no, row_no from next order by file_no desc, row_no desc limit 1`,
    [tenantId, importId, ...after, most],
  );
  return last && [last.file_no, last.row_no];
}

export const noteForgotten = ({ tx, tenantId }: Context, importId: string) =>
  tx.run("update imports set rows_forgotten = true where tenant_id = $1 and id = $2", [tenantId, importId]);
