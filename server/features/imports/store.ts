import type { z } from "zod";
import type { Context } from "#server/context.ts";
import type { DatabaseTrouble } from "#server/platform/db/database-trouble.ts";
import type { ColumnUse } from "./reading/types.ts";
import type { existingPeople, importKind, importState } from "./shapes.ts";

export type ImportState = z.output<typeof importState>;
export type ImportKind = z.output<typeof importKind>;

/** Rows by outcome, `rows`: all that were read, and `undoneBefore`: those an undo that was stopped had done with. */
export type Counts = Record<string, number>;

export type ImportRecord = {
  id: string;
  state: ImportState;
  create_missing_groups: boolean;
  existing: z.output<typeof existingPeople>;
  all_or_nothing: boolean;
  mail: "now" | "hold" | "schedule";
  mail_at: Date | null;
  mail_time_zone: string | null;
  source: string | null;
  leavers_grace_days: number;
  plan: PlanFacts | null;
  drift: Drift | null;
  created_by: string | null;
  started_by: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  undo_started_at: Date | null;
  undo_started_by: string | null;
  applied_file: number;
  applied_row: number;
  counts: Counts;
  check_attempts: number;
  updated_at: Date;
  problem: string | null;
  trouble: DatabaseTrouble | null;
  trouble_since: Date | null;
  retry_at: Date | null;
};

/** How many users are changed, and how many of them administer the tenant. */
export type Changes = { updates: number; administrators: number };

/** What a plan comes to, counted when it was made; what the seat belt and the hash go by. */
export type PlanFacts = {
  /** Over every row: what becomes of it, and what it changes. */
  rows: string;
  /** Over every name of a group: which one it stands for. A plan that an older version made has none. */
  groups?: string;
  /** Rows with something worth a look. */
  warnings: number;
  /** New people who get an email; of those whose groups are yet to be made. */
  emails: number;
  emailsWithGroups: number;
  existingUsers: number;
  updates: number;
  administrators: number;
  /** Of people who wait for a group that is yet to be made. A plan that an older version made has none. */
  waiting?: Changes;
  newDomains: string[];
  unknownGroups: number;
  /** People missing from the file; `who` tells which of them are ticked. */
  leavers: { missing: number; ticked: number; who: string };
  /** Rows whose address cannot be read. A plan that an older version made has none. */
  unreadable?: number;
  /** People who were to leave and are in the file again. */
  back: number;
};

/** Rows by outcome, before and after. */
export type Drift = { before: Counts; after: Counts };

const columns = `id, state, create_missing_groups, existing, all_or_nothing, mail, mail_at, mail_time_zone, source,
  leavers_grace_days, plan, drift, created_by, created_at, started_at, started_by, finished_at,
  undo_started_at, undo_started_by, applied_file,
  applied_row, counts, check_attempts, updated_at, problem, trouble, trouble_since, retry_at`;

export const insertImport = ({ tx, tenantId, now }: Context, id: string, createdBy: string | null) =>
  tx.run(
    `insert into imports (tenant_id, id, state, created_by, created_at, updated_at)
     values ($1, $2, 'uploading', $3, $4, $4)`,
    [tenantId, id, createdBy, now],
  );

export const readImport = ({ tx, tenantId }: Context, id: string, lock?: "lock") =>
  tx.row<ImportRecord>(
    `select ${columns} from imports where tenant_id = $1 and id = $2 ${lock ? "for update" : ""}`,
    [tenantId, id],
  );

/** Those of these imports that there are. */
export const readImports = ({ tx, tenantId }: Context, ids: readonly string[]) =>
  tx.rows<ImportRecord>(`select ${columns} from imports where tenant_id = $1 and id = any($2::uuid[])`, [
    tenantId,
    ids,
  ]);

type ImportPage = { before: readonly [at: string, id: string] | undefined; limit: number };

/** The newest first, one more than `limit` where there are more. */
export const listImportRecords = ({ tx, tenantId }: Context, { before, limit }: ImportPage) =>
  tx.rows<ImportRecord>(
    `select ${columns} from imports
      where tenant_id = $1 and state <> 'uploading'
        and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
      order by created_at desc, id desc limit $4`,
    [tenantId, before?.[0] ?? null, before?.[1] ?? null, limit + 1],
  );

/** Those made since then that wait for somebody, that failed, or that the database keeps from going on; the newest first. */
export const listImportsInNeed = (
  { tx, tenantId }: Context,
  { since, limit }: { since: Date; limit: number },
) =>
  tx.rows<ImportRecord>(
    `select ${columns} from imports
      where tenant_id = $1 and created_at >= $2 and (state in ('checked', 'failed', 'undo_stopped') or trouble is not null)
      order by created_at desc, id desc limit $3`,
    [tenantId, since, limit],
  );

type ImportChange = {
  state?: ImportState;
  counts?: Counts;
  problem?: string;
  started?: { at: Date; by: string | null };
  finishedAt?: Date;
  undoStarted?: { at: Date; by: string | null };
  createMissingGroups?: boolean;
  existing?: ImportRecord["existing"];
  allOrNothing?: boolean;
  mail?: { when: ImportRecord["mail"]; at: Date | null; timeZone: string | null };
  /** "" for none. */
  source?: string;
  leaversGraceDays?: number;
  plan?: PlanFacts;
  /** null takes it back. */
  drift?: Drift | null;
  position?: { fileNo: number; rowNo: number };
  checkAttempts?: number;
  /** null: it is over. */
  trouble?: Trouble | null;
  /** When it is gone on with, where there is no trouble. */
  retryAt?: Date;
};

/** What keeps the database from doing the work, since when, and when it is tried again. */
export type Trouble = { kind: DatabaseTrouble; since: Date; retryAt: Date };

/** Of an import this transaction has locked. */
export const writeImport = ({ tx, tenantId, now }: Context, id: string, change: ImportChange) =>
  tx.run(
    `update imports set state = coalesce($3, state), counts = coalesce($4, counts), problem = coalesce($5, problem),
            started_at = coalesce($6, started_at),
            started_by = case when $6::timestamptz is null then started_by else $28 end, finished_at = coalesce($7, finished_at),
            create_missing_groups = coalesce($8, create_missing_groups),
            applied_file = coalesce($9, applied_file), applied_row = coalesce($10, applied_row),
            check_attempts = coalesce($11, check_attempts), updated_at = $12, existing = coalesce($13, existing),
            all_or_nothing = coalesce($14, all_or_nothing), mail = coalesce($15, mail),
            mail_at = case when $15::text is null then mail_at else $16 end,
            mail_time_zone = case when $15::text is null then mail_time_zone else $17 end,
            source = case when $18::text is null then source else nullif($18, '') end,
            undo_started_at = coalesce($23, undo_started_at),
            undo_started_by = case when $23::timestamptz is null then undo_started_by else $29 end, leavers_grace_days = coalesce($22, leavers_grace_days),
            plan = coalesce($19, plan), drift = case when $20 then $21 else drift end,
            trouble = case when $24 then $25 else trouble end,
            trouble_since = case when $24 then $26 else trouble_since end,
            retry_at = case when $24 then $27 else coalesce($30, retry_at) end
      where tenant_id = $1 and id = $2`,
    [
      tenantId,
      id,
      change.state ?? null,
      change.counts ? JSON.stringify(change.counts) : null,
      change.problem ?? null,
      change.started?.at ?? null,
      change.finishedAt ?? null,
      change.createMissingGroups ?? null,
      change.position?.fileNo ?? null,
      change.position?.rowNo ?? null,
      change.checkAttempts ?? null,
      now,
      change.existing ?? null,
      change.allOrNothing ?? null,
      change.mail?.when ?? null,
      change.mail?.at ?? null,
      change.mail?.timeZone ?? null,
      change.source ?? null,
      change.plan ? JSON.stringify(change.plan) : null,
      change.drift !== undefined,
      change.drift ? JSON.stringify(change.drift) : null,
      change.leaversGraceDays ?? null,
      change.undoStarted?.at ?? null,
      change.trouble !== undefined,
      change.trouble?.kind ?? null,
      change.trouble?.since ?? null,
      change.trouble?.retryAt ?? null,
      change.started?.by ?? null,
      change.undoStarted?.by ?? null,
      change.retryAt ?? null,
    ],
  );

export type FileRecord = {
  file_no: number;
  name: string;
  bytes: number;
  sha256: Buffer;
  kind: ImportKind | null;
  recognised: RecognisedFile | null;
  choice: FileChoice;
  headers_key: Buffer | null;
  sealed_samples: Buffer | null;
  problem: string | null;
};

export type RecognisedFile = {
  format: "csv" | "xlsx";
  sheets: string[];
  sheet: string | null;
  encoding: string;
  delimiter: string;
  headerRow: number;
  columns: { header: string; use: ColumnUse | null; groupCandidate: boolean }[];
  namesFromAddress: boolean;
  mapping: "recognised" | "chosen" | "remembered";
  notes: string[];
  ways: ("map_columns" | "names_from_address")[];
};

/** What somebody corrected; what is not there is as recognised. */
export type FileChoice = {
  encoding?: string;
  delimiter?: string;
  headerRow?: number;
  sheet?: string;
  kind?: ImportKind;
  columns?: (ColumnUse | null)[];
  namesFromAddress?: boolean;
  addGroups?: string[];
};

type NewFile = { importId: string; fileNo: number; name: string; bytes: number; sha256: Buffer };

export const insertFile = ({ tx, tenantId }: Context, file: NewFile) =>
  tx.run(
    `insert into import_files (tenant_id, import_id, file_no, name, bytes, sha256) values ($1, $2, $3, $4, $5, $6)`,
    [tenantId, file.importId, file.fileNo, file.name, file.bytes, file.sha256],
  );

/** The files of these imports, in order. */
export const listFiles = ({ tx, tenantId }: Context, importIds: readonly string[]) =>
  tx.rows<FileRecord & { import_id: string }>(
    `select import_id, file_no, name, bytes::float8 as bytes, sha256, kind, recognised, choice, headers_key,
            sealed_samples, problem from import_files
      where tenant_id = $1 and import_id = any($2) order by import_id, file_no`,
    [tenantId, importIds],
  );

type FileChange = {
  kind?: ImportKind;
  recognised?: RecognisedFile;
  headersKey?: Buffer;
  sealedSamples?: Buffer;
  problem?: string | null;
};

/** What was recognised stays when a problem is found later: it shows what was read. */
export const writeFile = (
  { tx, tenantId }: Context,
  file: { importId: string; fileNo: number },
  change: FileChange,
) =>
  tx.run(
    `update import_files set kind = coalesce($4, kind), recognised = coalesce($5, recognised), problem = $6,
            headers_key = coalesce($7, headers_key), sealed_samples = coalesce($8, sealed_samples)
      where tenant_id = $1 and import_id = $2 and file_no = $3`,
    [
      tenantId,
      file.importId,
      file.fileNo,
      change.kind ?? null,
      change.recognised ? JSON.stringify(change.recognised) : null,
      change.problem ?? null,
      change.headersKey ?? null,
      change.sealedSamples ?? null,
    ],
  );

/** What was recognised before is forgotten: it is read again. */
export const writeChoice = ({ tx, tenantId }: Context, { importId, fileNo }: FilePlace, choice: FileChoice) =>
  tx.run(
    `update import_files set choice = $4, kind = null, problem = null
      where tenant_id = $1 and import_id = $2 and file_no = $3`,
    [tenantId, importId, fileNo, JSON.stringify(choice)],
  );

/** The finished import that had the very same file, if any. */
export const findSameFiles = ({ tx, tenantId }: Context, importId: string) =>
  tx.rows<{ file_no: number; import_id: string; at: Date }>(
    `select distinct on (f.file_no) f.file_no, i.id as import_id, i.finished_at as at
       from import_files f
       join import_files o on o.tenant_id = f.tenant_id and o.sha256 = f.sha256 and o.import_id <> f.import_id
       join imports i on i.tenant_id = o.tenant_id and i.id = o.import_id and i.state = 'finished'
      where f.tenant_id = $1 and f.import_id = $2
        and i.finished_at < (select created_at from imports where tenant_id = $1 and id = $2)
      order by f.file_no, i.finished_at desc`,
    [tenantId, importId],
  );

export type FilePlace = { importId: string; fileNo: number };

type Chunk = { importId: string; fileNo: number; chunkNo: number };

export const insertChunk = ({ tx, tenantId }: Context, chunk: Chunk, sealed: Buffer) =>
  tx.run(
    "insert into import_chunks (tenant_id, import_id, file_no, chunk_no, sealed) values ($1, $2, $3, $4, $5)",
    [tenantId, chunk.importId, chunk.fileNo, chunk.chunkNo, sealed],
  );

export const readChunk = async ({ tx, tenantId }: Context, chunk: Chunk) =>
  (
    await tx.row<{ sealed: Buffer }>(
      "select sealed from import_chunks where tenant_id = $1 and import_id = $2 and file_no = $3 and chunk_no = $4",
      [tenantId, chunk.importId, chunk.fileNo, chunk.chunkNo],
    )
  )?.sealed;

/** The uploaded files and every password that was in them: gone when an import is over, whichever way. */
export async function wipeUpload(ctx: Context, importId: string) {
  const { tx, tenantId } = ctx;
  await tx.run("update imports set wiped = true where tenant_id = $1 and id = $2", [tenantId, importId]);
  await wipeFiles(ctx, importId);
  await tx.run(
    `update import_rows set sealed_password = null
      where tenant_id = $1 and import_id = $2 and sealed_password is not null`,
    [tenantId, importId],
  );
  // What could not be read may have no headings, and what was taken for them and quoted may be anything.
  await tx.run(
    `update import_files set sealed_samples = null, problem = regexp_replace(problem, '\`[^\`]*\`', '…', 'g'),
            recognised = case when problem is null then recognised end,
            headers_key = case when problem is null then headers_key end
      where tenant_id = $1 and import_id = $2`,
    [tenantId, importId],
  );
}

/** The sealed files, what was typed and the first values. Applying goes on without them, with what the rows say. */
export async function wipeFiles({ tx, tenantId }: Context, importId: string) {
  for (const table of ["import_chunks", "import_edits"])
    await tx.run(`delete from ${table} where tenant_id = $1 and import_id = $2`, [tenantId, importId]);
  await tx.run(
    `update import_files set sealed_samples = null
      where tenant_id = $1 and import_id = $2 and sealed_samples is not null`,
    [tenantId, importId],
  );
}

/** Uploads that have begun within 24 hours, whatever became of them. */
export async function countImportsOfADay({ tx, tenantId, now }: Context): Promise<number> {
  const row = await tx.row<{ begun: number }>(
    "select count(*)::int as begun from imports where tenant_id = $1 and created_at > $2",
    [tenantId, new Date(now.getTime() - 86_400_000)],
  );
  return row?.begun ?? 0;
}

/** How many imports the tenant has that are not applied yet. Until the transaction ends nobody else begins one. */
export async function countOpenImports({ tx, tenantId }: Context): Promise<number> {
  await tx.run("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`imports.open:${tenantId}`]);
  const row = await tx.row<{ open: number }>(
    `select count(*)::int as open from imports
      where tenant_id = $1 and not wiped and state in ('uploading', 'checking', 'checked')`,
    [tenantId],
  );
  return row?.open ?? 0;
}
