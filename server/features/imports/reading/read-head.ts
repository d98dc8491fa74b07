import { parse } from "csv-parse/sync";
import { csvOptions } from "./csv-options.ts";
import type { Delimiter } from "./types.ts";

const headRows = 50;

type Head = { text: string; whole: boolean };

/** The first rows of a file, for finding out how it is made; the last one left out where it may be cut off. */
export function readHead({ text, whole }: Head, delimiter: Delimiter): string[][] {
  const rows: string[][] = [];
  const take = (cells: string[]): null => {
    rows.push(cells);
    return null;
  };
  let cutOff = !whole;
  try {
    parse(text, { ...csvOptions(delimiter, text.length + 1), to: headRows, on_record: take });
  } catch {
    // A quote that is not closed: what came before it is enough here, and reading the whole file will name the row.
    cutOff = false;
  }
  return cutOff && rows.length < headRows ? rows.slice(0, -1) : rows;
}
