import type { Context, Door } from "#server/context.ts";
import { byteOrderMark, csvLine } from "#server/platform/http/to-csv.ts";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import { type Delivery, listDeliveries } from "../mail/store.ts";
import { presentRows, whomItMade } from "./present-rows.ts";
import type { ImportRow } from "./shapes.ts";
import { listFiles } from "./store.ts";
import { listRows, type RowRecord } from "./store-rows.ts";

const pageRows = 2000;
const headers = [
  "file",
  "row",
  "first_name",
  "last_name",
  "email",
  "groups",
  "outcome",
  "undo",
  "problem",
  "warning",
  "changes",
  "user_id",
  "message",
  "message_time",
  "mail_server_reply",
];

/** Every row of an import with what became of it and of its email, page by page: memory stays flat however many there are. */
export async function* reportCsv(door: Door, importId: string): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(headers);
  for await (const page of pagesOf(door, importId)) yield page.map(csvLine).join("");
}

export const reportWorkbook = (door: Door, importId: string) =>
  toXlsx(workbookRows(door, importId), "Report");

async function* workbookRows(door: Door, importId: string): AsyncGenerator<string[]> {
  yield headers;
  for await (const page of pagesOf(door, importId)) yield* page;
}

async function* pagesOf(door: Door, importId: string): AsyncGenerator<string[][]> {
  const files = await door.run((ctx) => listFiles(ctx, [importId]));
  const names = new Map(files.map((file) => [file.file_no, file.name]));
  let after: [number, number] = [0, 0];
  while (true) {
    const rows = await door.run((ctx) => listRows(ctx, importId, { after, limit: pageRows }));
    const shown = rows.slice(0, pageRows);
    if (shown.length > 0) yield await door.run((ctx) => describeRows(ctx, importId, { rows: shown, names }));
    const last = shown.at(-1);
    if (!last || rows.length <= pageRows) return;
    after = [last.file_no, last.row_no];
  }
}

type Page = { rows: readonly RowRecord[]; names: ReadonlyMap<number, string> };

async function describeRows(ctx: Context, importId: string, { rows, names }: Page): Promise<string[][]> {
  const shown = await presentRows(ctx, importId, rows);
  const made = rows.map(whomItMade);
  const deliveries = await listDeliveries(
    ctx,
    made.flatMap((userId) => userId ?? []),
  );
  return shown.map((row, at) => [
    names.get(row.fileNo) ?? String(row.fileNo),
    ...cellsOf(row),
    ...mailCells(deliveries.get(made[at] ?? "")),
  ]);
}

const cellsOf = (row: ImportRow): string[] => [
  String(row.rowNo),
  row.firstName,
  row.lastName,
  row.email,
  groupsInWords(row).join("; "),
  row.outcome,
  row.undo ?? "",
  sentences(row.problems),
  sentences(row.warnings),
  row.changes.map(describeChange).join("; "),
  row.userId ?? "",
];

/** By the names they have here; where the file calls one otherwise, by that too. */
const groupsInWords = ({ groups, renamedGroups }: ImportRow) =>
  groups.map((name) => {
    const read = renamedGroups.filter((group) => group.name === name).map((group) => group.read);
    return read.length > 0 ? `${name} (in the file: ${read.join(", ")})` : name;
  });

const sentences = (found: readonly { column: string; message: string }[]) =>
  found.map(({ column, message }) => (column ? `${column}: ${message}` : message)).join(" ");

const fieldNames = { firstName: "First name", lastName: "Last name", language: "Language" };

/** Names are never empty. */
const nothing = "the organisation's language";

const describeChange = (change: ImportRow["changes"][number]) =>
  change.field === "groups"
    ? `Groups: ${change.new}`
    : `${fieldNames[change.field]}: ${change.old || nothing} → ${change.new || nothing}`;

const mailCells = (delivery: Delivery | undefined): string[] => [
  delivery?.state ?? "",
  delivery?.at?.toISOString() ?? "",
  delivery?.lastReply ?? "",
];
