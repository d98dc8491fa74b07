/** Spreadsheets take the first bytes of a file without it for the encoding of their own country. */
export const byteOrderMark = "\ufeff";

/** Rows as a CSV file that every spreadsheet opens: UTF-8 with byte order mark, commas, CRLF, nothing that calculates. */
export const toCsv = (rows: Iterable<readonly string[]>): string =>
  [byteOrderMark, ...Array.from(rows, csvLine)].join("");

/** One row of a file that is written piece by piece (begin it with `byteOrderMark`). */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** What a spreadsheet would run as a formula; also behind quotes, so that taking one off always gives back the value. */
const formula = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;
const needsQuotes = /[",;|\t\r\n]|^\s|\s$/;

/** A value somebody else chose must not run on the computer of whoever opens the file: formulas get a leading `'`. */
function csvCell(value: string): string {
  const safe = formula.test(value) ? `'${value}` : value;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A value as a cell of a workbook, where nothing calculates: only what `fromCsvCell` would take for its own gets a `'`. */
export const textCell = (value: string): string => (fromCsvCell(value) === value ? value : `'${value}`);

/** The value of a cell that `toCsv` may have written: takes the `'` off again. */
export function fromCsvCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
}
