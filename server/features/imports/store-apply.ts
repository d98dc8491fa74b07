import type { Context } from "#server/context.ts";
import type { AddedUsers, Incoming } from "../users/add-users.ts";
import type { ImportRecord } from "./store.ts";

type Position = { fileNo: number; rowNo: number };

/** The next rows of an import, from just after one position up to another. */
export type RowRange = { importId: string; from: Position; to: Position; ready: number };

/** Conditions on `r` of a range; its values are `$2` to `$6`. */
const inRange = `r.tenant_id = $1 and r.import_id = $2
  and (r.file_no, r.row_no) > ($3, $4) and (r.file_no, r.row_no) <= ($5, $6)`;

const valuesOf = ({ importId, from, to }: RowRange) => [
  importId,
  from.fileNo,
  from.rowNo,
  to.fileNo,
  to.rowNo,
];

/** The next `most` rows after where applying stands; undefined at the end. */
export async function nextRange(
  { tx, tenantId }: Context,
  found: ImportRecord,
  most: number,
): Promise<RowRange | undefined> {
  const from = { fileNo: found.applied_file, rowNo: found.applied_row };
  const last = await tx.row<{ file_no: number; row_no: number; ready: number }>(
    `select file_no, row_no, count(*) filter (where outcome = 'ready') over ()::int as ready
       from (select file_no, row_no, outcome from import_rows
              where tenant_id = $1 and import_id = $2 and (file_no, row_no) > ($3, $4)
              order by file_no, row_no limit $5) next
      order by file_no desc, row_no desc limit 1`,
    [tenantId, found.id, from.fileNo, from.rowNo, most],
  );
  return (
    last && { importId: found.id, from, to: { fileNo: last.file_no, rowNo: last.row_no }, ready: last.ready }
  );
}

/** The rows of a range that are ready, as `addUsers` takes people. */
export const incomingRows = (range: RowRange): Incoming => ({
  people: {
    sql: `select r.user_id as id, r.email, r.email_key, r.first_name, r.last_name, r.name_key, r.given_key,
                 'member' as role, r.suspended, null::text as password_hash, r.sealed_password
            from import_rows r where ${inRange} and r.outcome = 'ready'`,
    values: valuesOf(range),
  },
  memberships: {
    sql: `select r.user_id, i.group_id
            from import_rows r
            cross join unnest(r.group_keys) as key
            join import_groups i on i.tenant_id = r.tenant_id and i.import_id = r.import_id and i.name_key = key
           where ${inRange} and r.outcome = 'ready' and i.group_id is not null`,
    values: valuesOf(range),
  },
});

/** The groups that an import's rows name. */
export async function namedGroups({ tx, tenantId }: Context, importId: string): Promise<string[]> {
  const rows = await tx.rows<{ group_id: string }>(
    "select group_id from import_groups where tenant_id = $1 and import_id = $2 and group_id is not null",
    [tenantId, importId],
  );
  return rows.map((row) => row.group_id);
}

/** Rows that name a group which is gone by now are left out. */
export async function refuseVanishedGroups(
  { tx, tenantId }: Context,
  range: RowRange,
  groupIds: readonly string[],
) {
  range.ready -= await tx.run(
    `update import_rows r set outcome = 'unknown_group'
      where ${inRange} and r.outcome = 'ready'
        and exists (select from unnest(r.group_keys) as key
                      join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.name_key = key
                     where i.group_id = any($7::uuid[]))`,
    [tenantId, ...valuesOf(range), groupIds],
  );
}

/** Writes what became of the ready rows of a range. Their passwords have been handed on. */
export const settleRows = ({ tx, tenantId }: Context, range: RowRange, added: AddedUsers) =>
  tx.run(
    `update import_rows r
        set sealed_password = null,
            outcome = case when r.user_id = any($7::uuid[]) then 'created'
                           when r.user_id = any($8::uuid[]) then 'invited'
                           when r.user_id = any($9::uuid[]) then 'suspended'
                           else 'skipped' end
      where ${inRange} and r.outcome = 'ready'`,
    [tenantId, ...valuesOf(range), added.created, added.invited, added.suspended],
  );
