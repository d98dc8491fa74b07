import type { Context } from "#server/context.ts";
import type { RowNote, RowProblem } from "./reading/types.ts";

export type StagedRow = {
  rowNo: number;
  userId: string;
  email: string;
  emailKey: string;
  firstName: string;
  lastName: string;
  nameKey: string;
  givenKey: string;
  groupKeys: readonly string[];
  sealedPassword: Buffer | null;
  suspended: boolean;
  /** As JSON; null where there are none. */
  problems: string | null;
  notes: string | null;
};

/** Stages rows of a file, some thousand at a time. */
export const insertRows = (
  { tx, tenantId }: Context,
  file: { importId: string; fileNo: number },
  rows: readonly StagedRow[],
) =>
  tx.run(
    `insert into import_rows (tenant_id, import_id, file_no, row_no, user_id, email, email_key, first_name, last_name,
                              name_key, given_key, group_keys, sealed_password, suspended, outcome, problems, notes)
     select $1, $2, $3, r.row_no, r.user_id, r.email, r.email_key, r.first_name, r.last_name, r.name_key, r.given_key,
            r.group_keys::text[], r.sealed_password, r.suspended,
            case when r.problems is null then 'ready' else 'problem' end, r.problems, r.notes
       from unnest($4::int[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
                   $12::text[], $13::bytea[], $14::boolean[], $15::jsonb[], $16::jsonb[])
         as r(row_no, user_id, email, email_key, first_name, last_name, name_key, given_key, group_keys,
              sealed_password, suspended, problems, notes)`,
    [
      tenantId,
      file.importId,
      file.fileNo,
      rows.map((row) => row.rowNo),
      rows.map((row) => row.userId),
      rows.map((row) => row.email),
      rows.map((row) => row.emailKey),
      rows.map((row) => row.firstName),
      rows.map((row) => row.lastName),
      rows.map((row) => row.nameKey),
      rows.map((row) => row.givenKey),
      rows.map((row) => arrayText(row.groupKeys)),
      rows.map((row) => row.sealedPassword),
      rows.map((row) => row.suspended),
      rows.map((row) => row.problems),
      rows.map((row) => row.notes),
    ],
  );

/** An array inside an array, which `unnest` would take apart; as text no character of a key can divide it. */
const arrayText = (keys: readonly string[]) =>
  `{${keys.map((key) => `"${key.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;

/** Checking starts over: after a kill nothing of the first try is left. */
export async function removeRows({ tx, tenantId }: Context, importId: string) {
  await tx.run("delete from import_rows where tenant_id = $1 and import_id = $2", [tenantId, importId]);
  await tx.run("delete from import_groups where tenant_id = $1 and import_id = $2", [tenantId, importId]);
}

export const removeRowsOfFile = (
  { tx, tenantId }: Context,
  { importId, fileNo }: { importId: string; fileNo: number },
) =>
  tx.run("delete from import_rows where tenant_id = $1 and import_id = $2 and file_no = $3", [
    tenantId,
    importId,
    fileNo,
  ]);

/** Fresh rows have no statistics. Waits a moment only for whoever else is at it. */
export async function analyzeRows({ tx }: Context) {
  await tx.run("set local lock_timeout = '1s'");
  await tx.run("select app.analyze_import_rows()");
}

/** A row whose address stands in an earlier row that is ready becomes a duplicate, and says of which row. */
export const markDuplicates = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `with ranked as (
       select file_no, row_no, user_id,
              first_value(row_no) over same_address as first_row, first_value(file_no) over same_address as first_file,
              row_number() over same_address as place
         from import_rows where tenant_id = $1 and import_id = $2 and outcome = 'ready'
       window same_address as (partition by email_key order by file_no, row_no))
     update import_rows r
        set outcome = 'duplicate',
            problems = jsonb_build_array(jsonb_build_object('column', '', 'code', 'duplicate', 'read', r.email, 'message',
              'This address stands in row ' || d.first_row
              || case when d.first_file = d.file_no then '' else ' of file ' || d.first_file end
              || ' already. That row is used, this one is left out.'))
       from ranked d
      where d.place > 1 and r.tenant_id = $1 and r.import_id = $2 and r.file_no = d.file_no and r.row_no = d.row_no`,
    [tenantId, importId],
  );

/** A row whose address is already a user's is left out. */
export const markExisting = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `update import_rows r
        set outcome = 'existing',
            notes = coalesce(r.notes, '[]'::jsonb) || jsonb_build_array(jsonb_build_object('column', '', 'code', 'existing',
              'message', 'This address is already a user. The row is left out; nothing about that user changes.'))
       from users u
      where r.tenant_id = $1 and r.import_id = $2 and r.outcome = 'ready'
        and u.tenant_id = $1 and u.email_key = r.email_key and u.deleted_at is null`,
    [tenantId, importId],
  );

export type ImportGroup = {
  nameKey: string;
  name: string;
  rows: number;
  groupId: string | null;
  nearestId: string | null;
};

export const insertImportGroups = (
  { tx, tenantId }: Context,
  importId: string,
  groups: readonly ImportGroup[],
) =>
  tx.run(
    `insert into import_groups (tenant_id, import_id, name_key, name, rows, group_id, nearest_group_id)
     select $1, $2, g.* from unnest($3::text[], $4::text[], $5::int[], $6::uuid[], $7::uuid[]) g`,
    [
      tenantId,
      importId,
      groups.map((group) => group.nameKey),
      groups.map((group) => group.name),
      groups.map((group) => group.rows),
      groups.map((group) => group.groupId),
      groups.map((group) => group.nearestId),
    ],
  );

/** Counts anew how many rows wait for each unknown group: rows left out for another reason do not. */
export const countWaitingRows = ({ tx, tenantId }: Context, importId: string) =>
  tx.run(
    `with waiting as (
       select k as name_key, count(*)::int as rows from import_rows r cross join unnest(r.group_keys) k
        where r.tenant_id = $1 and r.import_id = $2 and r.outcome = 'unknown_group' group by k)
     update import_groups i set rows = coalesce(w.rows, 0)
       from import_groups named left join waiting w on w.name_key = named.name_key
      where i.tenant_id = $1 and i.import_id = $2 and i.group_id is null
        and named.tenant_id = $1 and named.import_id = $2 and named.name_key = i.name_key`,
    [tenantId, importId],
  );

/** The groups that rows wait for and nobody has made, those of most rows first. */
export const listUnknownGroups = ({ tx, tenantId }: Context, importId: string, most: number | null) =>
  tx.rows<{ name: string; rows: number; nearest: string | null }>(
    `select i.name, i.rows, g.name as nearest
       from import_groups i left join groups g on g.tenant_id = i.tenant_id and g.id = i.nearest_group_id
      where i.tenant_id = $1 and i.import_id = $2 and i.group_id is null and i.rows > 0
      order by i.rows desc, i.name_key limit $3`,
    [tenantId, importId, most],
  );

/**
 * Finds out anew which groups the names stand for, and with that which rows are held up by a group that is none. Rows that
 * were held up go on only where they are to: nobody saw them go in the review when somebody made the group meanwhile.
 */
export async function resolveGroups({ tx, tenantId }: Context, importId: string, waiting: "go on" | "stay") {
  await tx.run(
    `update import_groups i set group_id = g.id
       from import_groups named left join groups g on g.tenant_id = named.tenant_id and g.name_key = named.name_key
      where i.tenant_id = $1 and i.import_id = $2 and named.tenant_id = $1 and named.import_id = $2
        and named.name_key = i.name_key and i.group_id is distinct from g.id`,
    [tenantId, importId],
  );
  const held = `exists (select from unnest(r.group_keys) k
                          join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.name_key = k
                         where i.group_id is null)`;
  await tx.run(
    `update import_rows r set outcome = case when r.outcome = 'ready' then 'unknown_group' else 'ready' end
      where r.tenant_id = $1 and r.import_id = $2 and r.group_keys <> '{}'
        and ((r.outcome = 'ready' and ${held}) or ($3 and r.outcome = 'unknown_group' and not ${held}))`,
    [tenantId, importId, waiting === "go on"],
  );
}

export async function countOutcomes({ tx, tenantId }: Context, importId: string) {
  const rows = await tx.rows<{ outcome: string; rows: number }>(
    "select outcome, count(*)::int as rows from import_rows where tenant_id = $1 and import_id = $2 group by outcome",
    [tenantId, importId],
  );
  const counts = Object.fromEntries(rows.map((row) => [row.outcome, row.rows]));
  return { ...counts, rows: rows.reduce((sum, row) => sum + row.rows, 0) };
}

type RowPage = {
  outcome?: string | undefined;
  after: readonly [fileNo: number, rowNo: number];
  limit: number;
};

export type RowRecord = {
  file_no: number;
  row_no: number;
  user_id: string;
  email: string;
  first_name: string;
  last_name: string;
  groups: string[];
  outcome: string;
  problems: RowProblem[] | null;
  notes: RowNote[] | null;
};

/** Rows in the order of the files, one more than `limit` where there are more. */
export const listRows = ({ tx, tenantId }: Context, importId: string, { outcome, after, limit }: RowPage) =>
  tx.rows<RowRecord>(
    `select r.file_no, r.row_no, r.user_id, r.email, r.first_name, r.last_name, r.outcome, r.problems, r.notes,
            array(select coalesce(i.name, k) from unnest(r.group_keys) with ordinality n(k, place)
                    left join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.name_key = k
                   order by n.place) as groups
       from import_rows r
      where r.tenant_id = $1 and r.import_id = $2 and (r.file_no, r.row_no) > ($3, $4)
        and ($5::text is null or r.outcome = $5)
      order by r.file_no, r.row_no limit $6`,
    [tenantId, importId, after[0], after[1], outcome ?? null, limit + 1],
  );
