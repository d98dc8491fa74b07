import { fromCsvCell } from "#server/platform/http/to-csv.ts";
import type { Note } from "#server/platform/text/clean-text.ts";
import { clipText } from "#server/platform/text/clip-text.ts";
import type { CheckedRow, ColumnMapping, RowNote, RowProblem } from "../types.ts";

/** A row while it is checked: each check adds what it finds. */
export type RowReading = {
  cells: readonly string[];
  mapping: ColumnMapping;
  problems: Findings<RowProblem>;
  notes: Findings<RowNote>;
};

/** The first few findings of a row, and how many there are. */
type Findings<T> = { kept: T[]; count: number };

/** More than this nobody reads, and a hostile row has a hundred thousand. */
const most = 10;

export const startReading = (cells: readonly string[], mapping: ColumnMapping): RowReading => ({
  cells,
  mapping,
  problems: { kept: [], count: 0 },
  notes: { kept: [], count: 0 },
});

/** What was found in a row; of too much the last entry says how much more there is. */
export function findingsOf({ problems, notes }: RowReading): Pick<CheckedRow, "problems" | "notes"> {
  return {
    problems: listed(problems, (count) => ({ ...more(count, "problems"), read: "" })),
    notes: listed(notes, (count) => more(count, "notes")),
  };
}

const listed = <T>({ kept, count }: Findings<T>, rest: (count: number) => T) =>
  count > most ? [...kept.slice(0, most - 1), rest(count - most + 1)] : kept;

const more = (count: number, what: string) => ({
  column: "",
  code: "more",
  message: `There are ${count} more ${what} in this row.`,
});

function add<T>(findings: Findings<T>, found: T) {
  findings.count++;
  if (findings.kept.length < most) findings.kept.push(found);
}

/** The value of a column; empty where the row is too short. What Muster neutralised in a file of its own is as before. */
export const cellOf = ({ cells }: RowReading, column: number | undefined): string =>
  fromCsvCell(column === undefined ? "" : (cells[column] ?? ""));

type Finding = { code: string; message: string; read: string };

export function refuse({ mapping, problems }: RowReading, column: number | undefined, finding: Finding) {
  const { code, message, read } = finding;
  add(problems, { column: headerOf(mapping, column), code, read: clipText(read, 200), message });
}

export function note({ mapping, notes }: RowReading, column: number | undefined, found: readonly Note[]) {
  for (const { code, message } of found) add(notes, { column: headerOf(mapping, column), code, message });
}

const headerOf = ({ headers }: ColumnMapping, column = -1) => headers[column] ?? "";
