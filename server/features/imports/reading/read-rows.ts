import { CsvError } from "csv-parse";
import { decodePieces, pieceBytes } from "./file/decode-pieces.ts";
import { finishRow } from "./file/finish-row.ts";
import type { RowText } from "./file/keep-text.ts";
import { parseRows } from "./file/parse-rows.ts";
import type { FileProblem, ReadLimits, ReadOptions, ReadRow, Recognised } from "./types.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

export const defaultLimits: ReadLimits = { rows: 1_000_000, columns: 500, rowBytes: 1024 * 1024 };

/** What a spreadsheet can hold at most: a file of blank rows ends somewhere too. */
const blankRows = 1_048_576;

/**
 * The rows below the headers, blank ones left out, in constant memory: those of one piece of the file at a time, since
 * awaiting each by itself costs as much as reading it. A row that cannot be trusted carries a problem; throws
 * `UnreadableFileError` where the rest of the file cannot be read.
 */
export async function* readRows(
  chunks: AsyncIterable<Uint8Array>,
  recognised: Recognised,
  options: ReadOptions = {},
): AsyncGenerator<ReadRow[]> {
  const reading = startReading(recognised, {
    ...defaultLimits,
    ...options.limits,
    fill: options.emptyCellsLeftOut ?? false,
  });
  try {
    for await (const piece of decodePieces(chunks, recognised.encoding, options.onNote ?? (() => {}))) {
      await reading.write(piece);
      yield reading.take();
    }
    await reading.end();
    yield reading.take();
  } finally {
    reading.stop();
  }
}

type Limits = ReadLimits & { fill: boolean };

function startReading(recognised: Recognised, limits: Limits) {
  const { rowNo, addRow, take } = collectRows(recognised, limits);
  const parser = parseRows({ delimiter: recognised.delimiter, rowBytes: limits.rowBytes }, addRow);
  const explain = (error: unknown) => explainError(error, rowNo() + 1);

  return {
    async write(piece: Buffer) {
      await parser.write(piece).catch(explain);
      // The parser limits the text of a row, not the number of its cells: a line of nothing but separators.
      if (parser.waiting() > limits.rowBytes + pieceBytes) throw tooLong(rowNo() + 1);
    },
    end: () => parser.end().catch(explain),
    take,
    stop: parser.stop,
  };
}

function collectRows(recognised: Recognised, limits: Limits) {
  let rows: ReadRow[] = [];
  let rowNo = recognised.separatorLine ? -1 : 0;
  const count = { filled: 0, blank: 0 };
  return {
    rowNo: () => rowNo,
    addRow(cells: string[], text: RowText): void {
      rowNo++;
      if (text.bytes() > limits.rowBytes) throw tooLong(rowNo);
      if (rowNo <= recognised.headerRow) return;
      const row = finishRow({ rowNo, cells, raw: text.row }, recognised, limits.columns);
      if (row) rows.push(limits.fill ? fillRow(row, recognised.headers.length) : row);
      count[row ? "filled" : "blank"]++;
      if (count.filled > limits.rows) throw tooManyRows(limits.rows);
      if (count.blank > blankRows) throw tooManyBlankRows();
    },
    take(): ReadRow[] {
      const taken = rows;
      rows = [];
      return taken;
    },
  };
}

const fillRow = (row: ReadRow, width: number): ReadRow =>
  row.cells.length < width
    ? { ...row, cells: row.cells.concat(Array<string>(width - row.cells.length).fill("")) }
    : row;

function explainError(error: unknown, row: number): never {
  if (!(error instanceof CsvError)) throw error;
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    throw unreadable({ code: "quote_not_closed", row, message: notClosed(row) });
  if (error.code === "CSV_MAX_RECORD_SIZE") throw tooLong(row);
  throw error;
}

const unreadable = (problem: FileProblem) => new UnreadableFileError(problem);

const notClosed = (row: number) =>
  `A quotation mark that opens in row ${row} is never closed, so everything behind it reads as one value. ` +
  "Close it or remove it, then choose the file again.";

const tooLong = (row: number) =>
  unreadable({
    code: "row_too_long",
    row,
    message:
      `Row ${row} is too long to be one person. Often a quotation mark that opens there is not closed. ` +
      "Mend that row, then choose the file again.",
  });

const tooManyRows = (rows: number) =>
  unreadable({
    code: "too_many_rows",
    message: `The file has more than ${rows.toLocaleString("en")} rows. Split it into several files.`,
  });

const tooManyBlankRows = () =>
  unreadable({
    code: "too_many_blank_rows",
    message: "The file has more than a million blank rows. Delete them, then choose the file again.",
  });
