import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { byteOrderMark, csvLine, textCell } from "#server/platform/http/to-csv.ts";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import { groupsCell } from "../groups/groups-cell.ts";
import { languageNames } from "../tenants/tenant-settings.ts";
import { findMissingGroups, missingGroups } from "./planning/missing-groups.ts";
import { statusProblems } from "./reading/row/check-blocked.ts";
import { requireImport } from "./require-import.ts";
import { type ImportKind, type ImportRecord, listFiles } from "./store.ts";
import { isAnySuspended, listRows, type RowRecord } from "./store-rows.ts";

const pageRows = 2000;

/**
 * Outcomes of rows that are not imported as the file is. A duplicate's first row is; nothing needs mending there. Nor where
 * groups that do not exist are about to be created.
 */
export const outcomesToMend = ({ state, create_missing_groups }: ImportRecord): readonly string[] =>
  state === "checked" && create_missing_groups ? ["problem"] : ["problem", "unknown_group"];

/** The files whose rows go home together. What is uploaded again either creates or invites: one kind, one file. */
export type ProblemRows = {
  importId: string;
  name: string;
  kind: ImportKind;
  files: readonly number[];
  outcomes: readonly string[];
  /** Whether the rows say who must not get in. */
  status: boolean;
  severalFiles: boolean;
};

/** Of an import that creates and invites it has to be said which rows are asked for. */
export async function chooseProblemRows(
  ctx: Context,
  importId: string,
  asked: ImportKind | undefined,
): Promise<ProblemRows> {
  const found = await requireImport(ctx, importId);
  const all = await listFiles(ctx, [importId]);
  const [first = "invite", second] = new Set(all.flatMap(({ kind }) => kind ?? []));
  if (!asked && second) throw twoKinds();
  const kind = asked ?? first;
  const chosen = all.filter((file) => file.kind === kind);
  const files = chosen.map((file) => file.file_no);
  const told = chosen.some(({ recognised }) => recognised?.columns.some(({ use }) => use === "blocked"));
  return {
    importId,
    name: second ? `problem-rows-to-${kind}` : "problem-rows",
    kind,
    files,
    outcomes: outcomesToMend(found),
    status: told || (await isAnySuspended(ctx, importId, files)),
    severalFiles: all.length > 1,
  };
}

const twoKinds = () =>
  new ProblemError(
    409,
    "import.two_kinds",
    "This import creates some people and invites others. Download the rows of each kind by themselves, with ?kind=create and with ?kind=invite.",
  );

/** The rows to mend, in the template's columns plus `row` and `problem`; no password is in them: an empty one is generated. */
export async function* problemRowsCsv(door: Door, chosen: ProblemRows): AsyncGenerator<string> {
  yield byteOrderMark;
  for await (const cells of problemRows(door, chosen)) yield csvLine(cells);
}

export const problemRowsWorkbook = (door: Door, chosen: ProblemRows) =>
  toXlsx(workbookRows(door, chosen), "Problem rows");

async function* workbookRows(door: Door, chosen: ProblemRows): AsyncGenerator<string[]> {
  for await (const cells of problemRows(door, chosen)) yield cells.map(textCell);
}

async function* problemRows(door: Door, chosen: ProblemRows): AsyncGenerator<string[]> {
  const { importId, files, outcomes, kind, status } = chosen;
  const own = [
    ...(kind === "create" ? ["Password"] : []),
    "Groups",
    "Language",
    ...(status ? ["Status"] : []),
  ];
  yield ["First name", "Last name", "Email", ...own, "row", "problem"];
  for (const outcome of outcomes) {
    let after: [number, number] = [0, 0];
    while (true) {
      const page = { outcome, files, after, limit: pageRows };
      const rows = await door.run((ctx) => listRows(ctx, importId, page));
      const legible = rows.slice(0, pageRows).filter((row) => !isBlank(row));
      const missing = await door.run((ctx) => findMissingGroups(ctx, importId, legible));
      for (const row of legible) yield [...cellsOf(row, chosen), problemOf(row, missing)];
      if (rows.length <= pageRows) break;
      const last = rows[pageRows - 1] as RowRecord;
      after = [last.file_no, last.row_no];
    }
  }
}

/** There is nothing left to mend. */
const isBlank = ({ plan }: RowRecord) => plan?.erased === true || plan?.forgotten === true;

const cellsOf = (row: RowRecord, { kind, status, severalFiles }: ProblemRows): string[] => [
  row.first_name,
  row.last_name,
  row.email,
  ...(kind === "create" ? [""] : []),
  row.group_cell ?? groupsCell(row.groups),
  row.language ? languageNames[row.language] : "",
  ...(status ? [statusOf(row)] : []),
  severalFiles ? `${row.file_no}:${row.row_no}` : String(row.row_no),
];

/** In words that a column headed Status is read by, whatever the file's own was headed. What is not known stays so. */
function statusOf({ suspended, problems }: RowRecord): string {
  const open = problems?.find(({ code }) => statusProblems.has(code));
  if (open) return open.code === "marked_deleted" ? "deleted" : open.read.trim() || "?";
  return suspended ? "suspended" : "active";
}

const problemOf = (row: RowRecord, missing: Parameters<typeof missingGroups>[1]): string =>
  [
    ...(row.problems ?? []).map(({ column, message }) => (column ? `${column}: ${message}` : message)),
    ...missingGroups(row, missing).map(({ message }) => message),
  ].join(" ");
