import { parse } from "csv-parse/sync";
import type { Delimiter } from "../types.ts";
import { csvOptions } from "./csv-options.ts";

const headRows = 50;

type Start = { text: string; whole: boolean };
/** `complete`: there are no rows in the file but these. */
export type Head = { rows: string[][]; complete: boolean };

/** The first rows of a file, for finding out how it is made; without the last one where it may be cut off. */
export function readHead({ text, whole }: Start, delimiter: Delimiter): Head {
  const rows: string[][] = [];
  const take = (cells: string[]): null => {
    rows.push(cells);
    return null;
  };
  try {
    parse(text, { ...csvOptions(delimiter, text.length + 1), to: headRows, on_record: take });
  } catch {
    // A quote that is not closed. What came before it is enough here; reading the whole file will name the row.
    return { rows, complete: false };
  }
  if (rows.length >= headRows) return { rows, complete: false };
  return whole ? { rows, complete: true } : { rows: rows.slice(0, -1), complete: false };
}
