import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { groupNameKey } from "#server/features/groups/group-name.ts";
import { checkRow } from "#server/features/imports/reading/check-row.ts";
import { openWorkbook } from "#server/features/imports/reading/open-workbook.ts";
import { readRows } from "#server/features/imports/reading/read-rows.ts";
import { recogniseColumns } from "#server/features/imports/reading/recognise-columns.ts";
import { headBytes, recogniseFile } from "#server/features/imports/reading/recognise-file.ts";
import type {
  CheckedRow,
  ColumnMapping,
  ReadOptions,
  ReadRow,
  RecogniseChoice,
  Recognised,
} from "#server/features/imports/reading/types.ts";
import { UnreadableFileError } from "#server/features/imports/reading/unreadable-file-error.ts";

/** The bytes as a source that delivers them in pieces of `size`. */
export async function* inPieces(bytes: Uint8Array, size = bytes.byteLength || 1): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += size) yield bytes.subarray(from, from + size);
}

export const sample = (name: string) => readFile(new URL(`../samples/${name}`, import.meta.url));

const bytesOf = (file: string | Uint8Array) => (typeof file === "string" ? Buffer.from(file) : file);

export function recognise(file: string | Uint8Array, choice: RecogniseChoice = {}): Recognised {
  const result = recogniseFile(bytesOf(file).subarray(0, headBytes), choice);
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`);
  return result.recognised;
}

/** Why a file is refused by its first bytes. */
export function refusal(file: string | Uint8Array): { code: string; message: string } | undefined {
  const result = recogniseFile(bytesOf(file).subarray(0, headBytes));
  return result.ok ? undefined : result.problem;
}

type Reading = ReadOptions & { pieces?: number; choice?: RecogniseChoice };

export async function rowsOf(file: string | Uint8Array, options: Reading = {}) {
  const rows: ReadRow[] = [];
  const bytes = bytesOf(file);
  for await (const read of readRows(
    inPieces(bytes, options.pieces),
    recognise(bytes, options.choice),
    options,
  ))
    rows.push(...read);
  return rows;
}

export const cellsOf = async (file: string | Uint8Array) => (await rowsOf(file)).map(({ cells }) => cells);

/** Why a file is refused while its rows are read. */
export async function readingProblem(
  chunks: AsyncIterable<Uint8Array>,
  recognised: Recognised,
  options?: ReadOptions,
) {
  try {
    for await (const _rows of readRows(chunks, recognised, options));
  } catch (error) {
    if (error instanceof UnreadableFileError) return error.problem;
    throw error;
  }
  return undefined;
}

type Checking = {
  groups?: readonly string[];
  mapping?: Partial<ColumnMapping>;
  choice?: RecogniseChoice;
} & Reading;

/** A whole file read, mapped and checked as an import does it. */
export async function checkFile(file: string | Uint8Array, checking: Checking = {}) {
  const { groups = [], mapping = {}, ...reading } = checking;
  const known = new Set(groups.map(groupNameKey));
  const guessed = recogniseColumns(recognise(file, reading.choice).headers);
  const rows: CheckedRow[] = [];
  for (const row of await rowsOf(file, reading)) {
    rows.push(checkRow(row, { ...guessed.mapping, ...mapping }, (key) => known.has(key)));
  }
  return { ...guessed, rows };
}

/** The same of an Excel workbook. */
export async function checkWorkbook(file: Uint8Array, checking: Checking = {}) {
  const { rows, close } = await openWorkbook(inPieces(file));
  try {
    const choice = { encoding: "utf-8", delimiter: "," } as const;
    return await checkFile(await buffer(rows()), { ...checking, choice, emptyCellsLeftOut: true });
  } finally {
    await close();
  }
}
