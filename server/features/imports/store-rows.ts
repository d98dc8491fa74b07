import type { Context } from "#server/context.ts";
import { arrayText } from "#server/platform/db/array-text.ts";
import type { RowLanguage, RowNote, RowProblem } from "./reading/types.ts";
import type { Counts, ImportKind } from "./store.ts";
import { among, type Places } from "./store-places.ts";

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
  language: RowLanguage | null;
  suspended: boolean;
  groupCell: string | null;
  /** As JSON; null where there are none. */
  problems: string | null;
  notes: string | null;
};

/**
 * Nobody counts on staged rows before the check is done, whose own commit is flushed after theirs: this one need not wait for
 * the disk. After a crash of the database they are staged again.
 */
export const commitUnflushed = ({ tx }: Context) => tx.run("set local synchronous_commit = off");

/** Stages rows of a file, some thousand at a time. */
export function insertRows(
  { tx, tenantId }: Context,
  file: { importId: string; fileNo: number },
  rows: readonly StagedRow[],
) {
  const column = (take: (row: StagedRow) => string | number | boolean | null) => arrayText(rows.map(take));
  return tx.run(
    `insert into import_rows (tenant_id, import_id, file_no, row_no, user_id, email, email_key, first_name, last_name,
                              name_key, given_key, group_keys, sealed_password, suspended, outcome, problems, notes, group_cell,
                              language)
     select $1, $2, $3, r.row_no, r.user_id, r.email, r.email_key, r.first_name, r.last_name, r.name_key, r.given_key,
            r.group_keys::text[], r.sealed_password, r.suspended,
            case when r.problems is null then 'ready' else 'problem' end, r.problems, r.notes, r.group_cell,
            r.language
       from unnest($4::int[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
                   $12::text[], $13::bytea[], $14::boolean[], $15::jsonb[], $16::jsonb[], $17::text[], $18::text[])
         as r(row_no, user_id, email, email_key, first_name, last_name, name_key, given_key, group_keys,
              sealed_password, suspended, problems, notes, group_cell, language)`,
    [
      tenantId,
      file.importId,
      file.fileNo,
      column((row) => row.rowNo),
      column((row) => row.userId),
      column((row) => row.email),
      column((row) => row.emailKey),
      column((row) => row.firstName),
      column((row) => row.lastName),
      column((row) => row.nameKey),
      column((row) => row.givenKey),
      // As text: an array inside an array `unnest` would take apart.
      column((row) => arrayText(row.groupKeys)),
      column((row) => row.sealedPassword && `\\x${row.sealedPassword.toString("hex")}`),
      column((row) => row.suspended),
      column((row) => row.problems),
      column((row) => row.notes),
      column((row) => row.groupCell),
      column((row) => row.language),
    ],
  );
}

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

/** Fresh rows have no statistics. Waits a moment for whoever else is at it: autovacuum gives way after a second. */
export async function analyzeRows({ tx }: Context) {
  await tx.run("set local lock_timeout = '5s'");
  await tx.run("select app.analyze_import_rows()");
}

/** The same of what an import makes of its rows; skips what somebody else is at. */
export const analyzePeople = ({ tx }: Context) => tx.run("select app.analyze_people()");

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
    [tenantId, importId, ...columnsOf(groups)],
  );

/** Groups that a corrected row names and no other row did. */
export const addImportGroups = (
  { tx, tenantId }: Context,
  importId: string,
  groups: readonly ImportGroup[],
) =>
  tx.run(
    `insert into import_groups (tenant_id, import_id, name_key, name, rows, group_id, nearest_group_id)
     select $1, $2, g.* from unnest($3::text[], $4::text[], $5::int[], $6::uuid[], $7::uuid[]) g
     on conflict do nothing`,
    [tenantId, importId, ...columnsOf(groups)],
  );

const columnsOf = (groups: readonly ImportGroup[]) => [
  groups.map((group) => group.nameKey),
  groups.map((group) => group.name),
  groups.map((group) => group.rows),
  groups.map((group) => group.groupId),
  groups.map((group) => group.nearestId),
];

/** A row as it was corrected, in the place of what was read. */
export async function replaceRow(
  ctx: Context,
  { importId, fileNo, rowNo }: { importId: string; fileNo: number; rowNo: number },
  row: StagedRow,
) {
  await ctx.tx.run(
    "delete from import_rows where tenant_id = $1 and import_id = $2 and file_no = $3 and row_no = $4",
    [ctx.tenantId, importId, fileNo, rowNo],
  );
  await insertRows(ctx, { importId, fileNo }, [row]);
}

/** The password of a row, sealed. */
export const readSealedPassword = async (
  { tx, tenantId }: Context,
  importId: string,
  { file_no, row_no }: Pick<RowRecord, "file_no" | "row_no">,
) =>
  (
    await tx.row<{ sealed_password: Buffer | null }>(
      `select sealed_password from import_rows
        where tenant_id = $1 and import_id = $2 and file_no = $3 and row_no = $4`,
      [tenantId, importId, file_no, row_no],
    )
  )?.sealed_password;

/** Rows by outcome, and all of them. */
export async function countOutcomes(
  { tx, tenantId }: Context,
  importId: string,
  places?: Places,
): Promise<Counts> {
  const { where, values } = among(places, 3);
  const rows = await tx.rows<{ outcome: string; rows: number }>(
    `select r.outcome, count(*)::int as rows from import_rows r
      where r.tenant_id = $1 and r.import_id = $2${where} group by r.outcome`,
    [tenantId, importId, ...values],
  );
  const counts = Object.fromEntries(rows.map((row) => [row.outcome, row.rows]));
  return { ...counts, rows: rows.reduce((sum, row) => sum + row.rows, 0) };
}

type RowPage = {
  outcome?: string | undefined;
  warnings?: boolean | undefined;
  /** Left out: of all. */
  files?: readonly number[];
  after: readonly [fileNo: number, rowNo: number];
  limit: number;
};

/** Why a row is left out, or what it changes of an existing user. */
export type RowPlan = {
  /** A duplicate's first row. */
  first?: [fileNo: number, rowNo: number];
  /** Why somebody who is a user already is left out although others are changed. */
  why?: "owner" | "rank";
  version?: number;
  firstName?: [before: string, after: string];
  lastName?: [before: string, after: string];
  language?: [before: RowLanguage, after: RowLanguage];
  add?: string[];
  remove?: string[];
  /** Whoever it was about is erased. */
  erased?: true;
  /** Nobody was made of it, and what it said is as old as the tenant keeps that. */
  forgotten?: true;
  /** Why undoing left somebody alone: a conflict's code, or its words where an older version wrote them. */
  kept?: string;
};

export type RowRecord = {
  file_no: number;
  row_no: number;
  user_id: string;
  existing_id: string | null;
  email: string;
  email_key: string;
  first_name: string;
  last_name: string;
  /** Names as they were read and, at the same places, the group that each stands for now. */
  groups: string[];
  real_groups: (string | null)[];
  group_cell: string | null;
  has_password: boolean;
  language: RowLanguage | null;
  suspended: boolean;
  outcome: string;
  problems: RowProblem[] | null;
  notes: RowNote[] | null;
  plan: RowPlan | null;
};

const columns = `r.file_no, r.row_no, r.user_id, r.existing_id, r.email, r.email_key, r.first_name, r.last_name, r.outcome,
  r.problems, r.notes, r.plan, r.group_cell, r.language, r.suspended, r.sealed_password is not null as has_password,
  named.groups, named.real_groups`;

const rowsWithGroups = `import_rows r cross join lateral (
  select coalesce(array_agg(coalesce(i.name, k) order by n.place), '{}') as groups,
         coalesce(array_agg(g.name order by n.place), '{}') as real_groups
    from unnest(r.group_keys) with ordinality n(k, place)
    left join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.name_key = k
    left join groups g on g.tenant_id = $1 and g.id = i.group_id) named`;

/** Has a row something worth a look? That a password is generated is none of somebody who is a user already. */
export const hasWarning = `r.notes is not null and (r.existing_id is null
  or jsonb_path_exists(r.notes, '$[*] ? (@.code != "password_generated")'))`;

/** Rows in the order of the files, one more than `limit` where there are more. */
export const listRows = (
  { tx, tenantId }: Context,
  importId: string,
  { outcome, warnings = false, files, after, limit }: RowPage,
) =>
  tx.rows<RowRecord>(
    `select ${columns} from ${rowsWithGroups}
      where r.tenant_id = $1 and r.import_id = $2 and (r.file_no, r.row_no) > ($3, $4)
        and ($5::text is null or r.outcome = $5) and (not $6 or (${hasWarning}))
        and ($8::int[] is null or r.file_no = any($8))
      order by r.file_no, r.row_no limit $7`,
    [tenantId, importId, after[0], after[1], outcome ?? null, warnings, limit + 1, files ?? null],
  );

/** Of which kinds there are rows with one of these outcomes. */
export const listKindsOf = async (
  { tx, tenantId }: Context,
  importId: string,
  outcomes: readonly string[],
): Promise<ImportKind[]> =>
  (
    await tx.rows<{ kind: ImportKind }>(
      `select distinct f.kind from import_files f
        where f.tenant_id = $1 and f.import_id = $2 and f.kind is not null and exists (
          select from import_rows r
           where r.tenant_id = $1 and r.import_id = $2 and r.file_no = f.file_no and r.outcome = any($3))
        order by f.kind`,
      [tenantId, importId, outcomes],
    )
  ).map(({ kind }) => kind);

/** Is there somebody in these files who is not to get in? */
export const isAnySuspended = async (
  { tx, tenantId }: Context,
  importId: string,
  files: readonly number[],
): Promise<boolean> =>
  (await tx.row(
    "select from import_rows where tenant_id = $1 and import_id = $2 and file_no = any($3) and suspended limit 1",
    [tenantId, importId, files],
  )) !== undefined;

export const readRow = ({ tx, tenantId }: Context, importId: string, fileNo: number, rowNo: number) =>
  tx.row<RowRecord>(
    `select ${columns} from ${rowsWithGroups}
      where r.tenant_id = $1 and r.import_id = $2 and r.file_no = $3 and r.row_no = $4`,
    [tenantId, importId, fileNo, rowNo],
  );
