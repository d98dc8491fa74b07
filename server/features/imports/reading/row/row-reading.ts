import { fromCsvCell } from "#server/platform/http/to-csv.ts";
import type { Note } from "#server/platform/text/clean-text.ts";
import { clipText } from "#server/platform/text/clip-text.ts";
import type { CheckedRow, ColumnMapping } from "../types.ts";

/** A row while it is checked: each check adds what it finds. */
export type RowReading = Pick<CheckedRow, "problems" | "notes"> & {
  cells: readonly string[];
  mapping: ColumnMapping;
};

/** The value of a column; empty where the row is too short. What Muster neutralised in a file of its own is as before. */
export const cellOf = ({ cells }: RowReading, column: number | undefined): string =>
  fromCsvCell(column === undefined ? "" : (cells[column] ?? ""));

type Finding = { code: string; message: string; read: string };

export function refuse({ mapping, problems }: RowReading, column: number | undefined, finding: Finding) {
  const { code, message, read } = finding;
  problems.push({ column: headerOf(mapping, column), code, read: clipText(read, 200), message });
}

export function note({ mapping, notes }: RowReading, column: number | undefined, found: readonly Note[]) {
  for (const { code, message } of found) notes.push({ column: headerOf(mapping, column), code, message });
}

const headerOf = ({ headers }: ColumnMapping, column = -1) => headers[column] ?? "";
