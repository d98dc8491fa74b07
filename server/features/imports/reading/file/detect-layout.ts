import { normaliseHeader, recogniseHeader } from "../columns/recognise-header.ts";
import type { Delimiter } from "../types.ts";
import { type Head, readHead } from "./read-head.ts";

/** What the first rows look like with one delimiter. `headerAt` counts from 0 and is -1 where every row is blank. */
export type Layout = Head & { delimiter: Delimiter; headerAt: number; score: number };

const delimiters: readonly Delimiter[] = [",", ";", "\t", "|"];
/** Titles and notes above the headings are a few lines at most. */
const headerSearchRows = 10;

/** The delimiter with which the headings are understood best and the rows are as wide as they are. */
export function detectLayout(head: { text: string; whole: boolean }, chosen?: Delimiter): Layout {
  const layouts = (chosen ? [chosen] : delimiters).map((delimiter): Layout => {
    const { rows, complete } = readHead(head, delimiter);
    const headerAt = findHeaderRow(rows);
    return { delimiter, rows, complete, headerAt, score: scoreOf(rows, headerAt) };
  });
  return layouts.reduce((best, layout) => (layout.score > best.score ? layout : best));
}

function scoreOf(rows: string[][], headerAt: number): number {
  const headers = rows[headerAt] ?? [];
  const below = rows.slice(headerAt + 1).filter((row) => !isBlankRow(row));
  const asWide = below.filter((row) => row.length === headers.length).length;
  const understood = headers.filter(recogniseHeader).length;
  const consistent = headers.length > 1 && below.length > 0 ? asWide / below.length : 0;
  return understood * 2 + (headers.length > 1 ? 1 : 0) + consistent * 3;
}

/** Usually the first that is not blank; below Entra's version row, or below a title when only a later row has headings. */
function findHeaderRow(rows: string[][]): number {
  const first = rows.findIndex((row) => !isBlankRow(row) && !isVersionRow(row));
  const withEmail = rows.slice(0, headerSearchRows).findIndex((row) => row.some(isEmailHeader));
  const peopleAbove = withEmail > 0 && rows.slice(0, withEmail).some(hasAddress);
  return withEmail !== -1 && !peopleAbove ? withEmail : first;
}

export const isBlankRow = (row: readonly string[]) => row.every((cell) => cell.trim() === "");
export const hasAddress = (row: readonly string[]) => row.some((cell) => /[^\s@]@[^\s@]/.test(cell));

const isVersionRow = ([first = ""]: string[]) => /^\ufeff?version:/i.test(first);

const isEmailHeader = (cell: string) =>
  normaliseHeader(cell).length < 60 && !cell.includes("@") && recogniseHeader(cell)?.field === "email";
