import type { Door } from "#server/context.ts";
import { byteOrderMark, csvLine, textCell } from "#server/platform/http/to-csv.ts";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import { groupsCell } from "../groups/groups-cell.ts";
import { languageNames } from "../tenants/tenant-settings.ts";
import { listFiles } from "./store.ts";
import { listRows, type RowRecord } from "./store-rows.ts";

const pageRows = 2000;
/** Rows that are not imported as the file is. A duplicate's first row is; nothing needs mending there. */
const outcomes = ["problem", "unknown_group"] as const;

/** The rows to mend, in the template's columns plus `row` and `problem`; no password is in them: an empty one is generated. */
export async function* problemRowsCsv(door: Door, importId: string): AsyncGenerator<string> {
  yield byteOrderMark;
  for await (const cells of problemRows(door, importId)) yield csvLine(cells);
}

export const problemRowsWorkbook = (door: Door, importId: string) =>
  toXlsx(workbookRows(door, importId), "Problem rows");

async function* workbookRows(door: Door, importId: string): AsyncGenerator<string[]> {
  for await (const cells of problemRows(door, importId)) yield cells.map(textCell);
}

async function* problemRows(door: Door, importId: string): AsyncGenerator<string[]> {
  const files = await door.run((ctx) => listFiles(ctx, [importId]));
  const create = files.some((file) => file.kind === "create");
  yield [
    ...["First name", "Last name", "Email", ...(create ? ["Password"] : []), "Groups", "Language"],
    ...["row", "problem"],
  ];
  for (const outcome of outcomes) {
    let after: [number, number] = [0, 0];
    while (true) {
      const rows = await door.run((ctx) => listRows(ctx, importId, { outcome, after, limit: pageRows }));
      for (const row of rows.slice(0, pageRows)) yield cellsOf(row, create, files.length > 1);
      if (rows.length <= pageRows) break;
      const last = rows[pageRows - 1] as RowRecord;
      after = [last.file_no, last.row_no];
    }
  }
}

const cellsOf = (row: RowRecord, create: boolean, severalFiles: boolean): string[] => [
  row.first_name,
  row.last_name,
  row.email,
  ...(create ? [""] : []),
  row.group_cell ?? groupsCell(row.groups),
  row.language ? languageNames[row.language] : "",
  severalFiles ? `${row.file_no}:${row.row_no}` : String(row.row_no),
  problemOf(row),
];

function problemOf({ problems, outcome, groups }: RowRecord): string {
  if (outcome === "unknown_group") return `A group is missing: ${groups.join("; ")}`;
  return (problems ?? [])
    .map((problem) => (problem.column ? `${problem.column}: ${problem.message}` : problem.message))
    .join(" ");
}
