import type { Door } from "#server/context.ts";
import { byteOrderMark, csvLine } from "#server/platform/http/to-csv.ts";
import { listRows, type RowRecord } from "./store-rows.ts";

const pageRows = 5000;
const headers = ["file", "row", "first_name", "last_name", "email", "groups", "outcome", "problem"];

/** Every row of an import with what became of it, page by page: memory stays flat however many there are. */
export async function* reportCsv(door: Door, importId: string): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(headers);
  let after: [number, number] = [0, 0];
  while (true) {
    const rows = await door.run((ctx) => listRows(ctx, importId, { after, limit: pageRows }));
    if (rows.length > 0)
      yield rows
        .slice(0, pageRows)
        .map((row) => csvLine(cells(row)))
        .join("");
    if (rows.length <= pageRows) return;
    const last = rows[pageRows - 1] as RowRecord;
    after = [last.file_no, last.row_no];
  }
}

const cells = (row: RowRecord): string[] => [
  String(row.file_no),
  String(row.row_no),
  row.first_name,
  row.last_name,
  row.email,
  row.groups.join("; "),
  row.outcome,
  (row.problems ?? [])
    .map((problem) => (problem.column ? `${problem.column}: ${problem.message}` : problem.message))
    .join(" "),
];
