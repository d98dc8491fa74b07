import type { Context } from "#server/context.ts";

/** Some rows of an import only; undefined: all of them. */
export type Places = { files: readonly number[]; rows: readonly number[] } | undefined;

/** Narrows a statement over rows `r` to these places, by the primary key. Its values follow those of the statement. */
export const among = (places: Places, first: number) =>
  places
    ? {
        where: ` and (r.file_no, r.row_no) in (select * from unnest($${first}::int[], $${first + 1}::int[]))`,
        values: [places.files, places.rows],
      }
    : { where: "", values: [] };

/** A row, and whatever else has one of these addresses. */
export async function findSameAddress(
  { tx, tenantId }: Context,
  { importId, fileNo, rowNo }: { importId: string; fileNo: number; rowNo: number },
  emailKeys: readonly string[],
): Promise<NonNullable<Places>> {
  const rows = await tx.rows<{ file_no: number; row_no: number }>(
    `select file_no, row_no from import_rows where tenant_id = $1 and import_id = $2 and email_key = any($3)
      union select $4::int, $5::int`,
    [tenantId, importId, emailKeys.filter((key) => key !== ""), fileNo, rowNo],
  );
  return { files: rows.map((row) => row.file_no), rows: rows.map((row) => row.row_no) };
}
