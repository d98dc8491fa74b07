import { CsvError, parse } from "csv-parse";
import { csvOptions } from "./file/csv-options.ts";
import { decodePieces, pieceBytes } from "./file/decode-pieces.ts";
import { finishRow } from "./file/finish-row.ts";
import { keepText, type RowText } from "./file/keep-text.ts";
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
  const { rowNo, addRecord, take } = collectRows(recognised, limits);
  const text = keepText();
  const parser = parse({
    ...csvOptions(recognised.delimiter, limits.rowBytes),
    // Rows are taken here and not from the stream: a promise for each would cost more than reading it.
    on_record(cells) {
      text.endRow(parser.info.bytes);
      // For a row of another width than the first, csv-parse makes an error that nobody reads: three times the work.
      Object.assign(parser.info, { records: 0 });
      return addRecord(cells as unknown as string[], text);
    },
  });
  // The callbacks of `write` and `end` report the same errors; without a listener they would end the process.
  parser.on("error", () => {});
  const explain = (error: unknown) => explainError(error, rowNo() + 1);

  return {
    async write(piece: Buffer) {
      text.add(piece);
      await settle((done) => parser.write(piece, done)).catch(explain);
      // The parser limits the text of a row, not the number of its cells: a line of nothing but separators.
      if (text.rest() > limits.rowBytes + pieceBytes) throw tooLong(rowNo() + 1);
    },
    end: () => settle((done) => parser.end(done)).catch(explain),
    take,
    stop: () => void parser.destroy(),
  };
}

function collectRows(recognised: Recognised, limits: Limits) {
  let rows: ReadRow[] = [];
  let rowNo = recognised.separatorLine ? -1 : 0;
  const count = { filled: 0, blank: 0 };
  return {
    rowNo: () => rowNo,
    addRecord(cells: string[], text: RowText): null {
      rowNo++;
      if (text.bytes() > limits.rowBytes) throw tooLong(rowNo);
      if (rowNo <= recognised.headerRow) return null;
      const row = finishRow({ rowNo, cells, raw: text.row }, recognised, limits.columns);
      if (row) rows.push(limits.fill ? fillRow(row, recognised.headers.length) : row);
      count[row ? "filled" : "blank"]++;
      if (count.filled > limits.rows) throw tooManyRows(limits.rows);
      if (count.blank > blankRows) throw tooManyBlankRows();
      return null;
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

const settle = (start: (done: (error?: Error | null) => void) => void) =>
  new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));

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
