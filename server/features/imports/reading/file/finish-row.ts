import type { ReadRow, Recognised, RowProblem } from "../types.ts";
import { hasStrayQuote } from "./has-stray-quote.ts";

type Parsed = { rowNo: number; cells: string[]; raw: () => string };
type Shape = Pick<Recognised, "delimiter" | "headers">;

/** A parsed row as it is passed on; undefined for a blank one. `maximum` cells are kept of a row that has too many. */
export function finishRow({ rowNo, cells, raw }: Parsed, shape: Shape, maximum: number): ReadRow | undefined {
  const width = shape.headers.length;
  if (cells.every(isBlank)) return undefined;
  const unruly = cells.some(hasQuote) && hasStrayQuote(raw(), shape.delimiter);
  if (unruly && cells.some((cell) => /[\r\n]/.test(cell))) {
    return { rowNo, cells: cells.slice(0, maximum), problem: mergedRows };
  }
  const read = unruly ? cells.map(unwrap) : cells;
  if (read.length <= width) return { rowNo, cells: read };
  // Spreadsheets write a separator for every column that was ever used, and nothing behind it.
  if (read.slice(width).every(isBlank)) return { rowNo, cells: read.slice(0, width) };
  return { rowNo, cells: read.slice(0, maximum), problem: tooManyCells(read.length, shape) };
}

const hasQuote = (cell: string) => cell.includes('"');
const isBlank = (cell: string) => cell === "" || cell.trim() === "";

// `Anna , "Berg" , …`: spaces around the quotation marks make them part of the value, which nobody means.
const unwrap = (cell: string) => /^\s*"([^"]*)"\s*$/.exec(cell)?.[1] ?? cell;

// What was read is not repeated in either: a password may have moved into any of these cells.
const mergedRows: RowProblem = {
  column: "",
  code: "quote_not_closed",
  read: "",
  message:
    "A quotation mark that opens in this row is not closed properly, so several lines were read as one row. " +
    "Close it or remove it.",
};

const tooManyCells = (count: number, { delimiter, headers }: Shape): RowProblem => ({
  column: "",
  code: "too_many_cells",
  read: "",
  message:
    `This row has ${count} cells, but the file has ${headers.length} columns, so values may stand in the wrong ones. ` +
    `Put a value that contains ${delimiter === "\t" ? "a tab" : `\`${delimiter}\``} between quotation marks.`,
});
