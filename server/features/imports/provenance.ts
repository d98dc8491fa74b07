import type { Context } from "#server/context.ts";
import type { ImportRow } from "./shapes.ts";

/** The imports a user came from, or was changed by, the newest first. */
export async function provenanceOf({ tx, tenantId }: Context, userId: string) {
  const rows = await tx.rows<{
    import_id: string;
    name: string;
    file_no: number;
    row_no: number;
    outcome: ImportRow["outcome"];
    made: boolean;
    at: Date;
    by: string | null;
  }>(
    `select r.import_id, f.name, r.file_no, r.row_no, r.outcome, r.made, coalesce(i.finished_at, i.started_at) as at,
            b.first_name || ' ' || b.last_name as by
       from (select import_id, file_no, row_no, outcome, true as made from import_rows
              where tenant_id = $1 and user_id = $2 and existing_id is null
                and outcome in ('created', 'invited', 'suspended', 'kept')
             union all
             select import_id, file_no, row_no, outcome, false from import_rows
              where tenant_id = $1 and existing_id = $2 and outcome in ('updated', 'undone', 'kept')) r
       join imports i on i.tenant_id = $1 and i.id = r.import_id
       join import_files f on f.tenant_id = $1 and f.import_id = r.import_id and f.file_no = r.file_no
       left join users b on b.tenant_id = $1 and b.id = i.started_by
      where i.started_at is not null
      order by at desc limit 20`,
    [tenantId, userId],
  );
  return rows.map(({ import_id, name, file_no, row_no, outcome, made, at, by }) => ({
    importId: import_id,
    fileName: name,
    fileNo: file_no,
    rowNo: row_no,
    outcome,
    made,
    at: at.toISOString(),
    by: by ?? "whoever runs Muster",
  }));
}
