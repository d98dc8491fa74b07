import type { z } from "zod";
import type { Context } from "#server/context.ts";
import type { importKind, importState } from "./contract.ts";

export type ImportState = z.output<typeof importState>;
export type ImportKind = z.output<typeof importKind>;
/** Rows by outcome, and `rows`: all that were read. */
export type Counts = Record<string, number>;

export type ImportRecord = {
  id: string;
  state: ImportState;
  create_missing_groups: boolean;
  created_by: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  applied_file: number;
  applied_row: number;
  counts: Counts;
  check_attempts: number;
  updated_at: Date;
  problem: string | null;
};

const columns = `id, state, create_missing_groups, created_by, created_at, started_at, finished_at, applied_file,
  applied_row, counts, check_attempts, updated_at, problem`;

export const insertImport = ({ tx, tenantId, now }: Context, id: string, createdBy: string) =>
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

type ImportChange = {
  state?: ImportState;
  counts?: Counts;
  problem?: string;
  startedAt?: Date;
  finishedAt?: Date;
  createMissingGroups?: boolean;
  position?: { fileNo: number; rowNo: number };
  checkAttempts?: number;
};

/** Of an import this transaction has locked. */
export const writeImport = ({ tx, tenantId, now }: Context, id: string, change: ImportChange) =>
  tx.run(
    `update imports set state = coalesce($3, state), counts = coalesce($4, counts), problem = coalesce($5, problem),
            started_at = coalesce($6, started_at), finished_at = coalesce($7, finished_at),
            create_missing_groups = coalesce($8, create_missing_groups),
            applied_file = coalesce($9, applied_file), applied_row = coalesce($10, applied_row),
            check_attempts = coalesce($11, check_attempts), updated_at = $12
      where tenant_id = $1 and id = $2`,
    [
      tenantId,
      id,
      change.state ?? null,
      change.counts ? JSON.stringify(change.counts) : null,
      change.problem ?? null,
      change.startedAt ?? null,
      change.finishedAt ?? null,
      change.createMissingGroups ?? null,
      change.position?.fileNo ?? null,
      change.position?.rowNo ?? null,
      change.checkAttempts ?? null,
      now,
    ],
  );

export type FileRecord = {
  file_no: number;
  name: string;
  bytes: number;
  sha256: Buffer;
  kind: ImportKind | null;
  recognised: RecognisedFile | null;
  problem: string | null;
};

export type RecognisedFile = {
  encoding: string;
  delimiter: string;
  headerRow: number;
  columns: { header: string; use: string | null }[];
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
    `select import_id, file_no, name, bytes::float8 as bytes, sha256, kind, recognised, problem from import_files
      where tenant_id = $1 and import_id = any($2) order by import_id, file_no`,
    [tenantId, importIds],
  );

type FileChange = { kind?: ImportKind; recognised?: RecognisedFile; problem?: string | null };

/** What was recognised stays when a problem is found later: it shows what was read. */
export const writeFile = (
  { tx, tenantId }: Context,
  file: { importId: string; fileNo: number },
  change: FileChange,
) =>
  tx.run(
    `update import_files set kind = coalesce($4, kind), recognised = coalesce($5, recognised), problem = $6
      where tenant_id = $1 and import_id = $2 and file_no = $3`,
    [
      tenantId,
      file.importId,
      file.fileNo,
      change.kind ?? null,
      change.recognised ? JSON.stringify(change.recognised) : null,
      change.problem ?? null,
    ],
  );

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
export async function wipeUpload({ tx, tenantId }: Context, importId: string) {
  await tx.run("update imports set wiped = true where tenant_id = $1 and id = $2", [tenantId, importId]);
  await tx.run("delete from import_chunks where tenant_id = $1 and import_id = $2", [tenantId, importId]);
  await tx.run(
    `update import_rows set sealed_password = null
      where tenant_id = $1 and import_id = $2 and sealed_password is not null`,
    [tenantId, importId],
  );
}

/** As the system role: imports that wait for a job, for somebody, or to be wiped. */
export const listUnfinishedImports = (tx: Context["tx"]) =>
  tx.rows<{ tenant_id: string; id: string; state: ImportState; updated_at: Date }>(
    "select tenant_id, id, state, updated_at from imports where not wiped",
  );

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

/** Which of the tenant's imports is applied next: the one whose button was pressed first. */
export const nextToApply = async ({ tx, tenantId }: Context) =>
  (
    await tx.row<{ id: string }>(
      "select id from imports where tenant_id = $1 and state = 'applying' order by started_at, id limit 1",
      [tenantId],
    )
  )?.id;
