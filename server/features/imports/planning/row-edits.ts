import type { z } from "zod";
import type { Context } from "#server/context.ts";
import type { changeImportRow } from "../contract.ts";
import { checkRow } from "../reading/check-row.ts";
import { statusProblems } from "../reading/row/check-blocked.ts";
import { passwordProblems } from "../reading/row/check-password-cell.ts";
import type { CheckedRow, ColumnMapping } from "../reading/types.ts";
import type { FilePlace } from "../store.ts";

/** Values somebody typed instead of those in the file. */
export type RowEdit = z.output<typeof changeImportRow.body>;
export type RowPlace = { importId: string; fileNo: number; rowNo: number };

/** What an edit is sealed for: a password may be among the values. */
const contextOf = (tenantId: string, { importId, fileNo, rowNo }: RowPlace) =>
  `import-edit:${tenantId}:${importId}:${fileNo}:${rowNo}`;

/** Keeps an edit, so that reading the file again does not lose it; later values of a row join the earlier ones. */
export async function keepEdit(ctx: Context, place: RowPlace, edit: RowEdit): Promise<void> {
  const { tx, tenantId, instance } = ctx;
  const key = [tenantId, place.importId, place.fileNo, place.rowNo];
  const before = await tx.row<{ sealed: Buffer }>(
    "select sealed from import_edits where tenant_id = $1 and import_id = $2 and file_no = $3 and row_no = $4",
    key,
  );
  const context = contextOf(tenantId, place);
  const earlier = before
    ? (JSON.parse(instance.secrets.open(before.sealed, context).toString()) as RowEdit)
    : {};
  const sealed = instance.secrets.seal(JSON.stringify({ ...earlier, ...edit }), context);
  await tx.run(
    `insert into import_edits (tenant_id, import_id, file_no, row_no, sealed) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, import_id, file_no, row_no) do update set sealed = excluded.sealed`,
    [...key, sealed],
  );
}

/** The rows of a file are others now. */
export const forgetEdits = ({ tx, tenantId }: Context, { importId, fileNo }: FilePlace) =>
  tx.run("delete from import_edits where tenant_id = $1 and import_id = $2 and file_no = $3", [
    tenantId,
    importId,
    fileNo,
  ]);

/** The edits of an import by file and row. */
export async function readEdits({ tx, tenantId, instance }: Context, importId: string) {
  const rows = await tx.rows<{ file_no: number; row_no: number; sealed: Buffer }>(
    "select file_no, row_no, sealed from import_edits where tenant_id = $1 and import_id = $2",
    [tenantId, importId],
  );
  const edits = new Map<number, Map<number, RowEdit>>();
  for (const { file_no: fileNo, row_no: rowNo, sealed } of rows) {
    const text = instance.secrets.open(sealed, contextOf(tenantId, { importId, fileNo, rowNo })).toString();
    const ofFile = edits.get(fileNo) ?? new Map<number, RowEdit>();
    edits.set(fileNo, ofFile.set(rowNo, JSON.parse(text) as RowEdit));
  }
  return edits;
}

/** What a row says without its edits. */
export type RowValues = Pick<
  CheckedRow,
  "rowNo" | "email" | "firstName" | "lastName" | "language" | "suspended" | "problems" | "notes"
> & { groups: string; password?: string | undefined };

/** What was refused of these values is kept nowhere: correcting another value of the row does not answer it. */
const answeredBy = (code: string) =>
  statusProblems.has(code) ? "suspended" : passwordProblems.has(code) ? "password" : undefined;

const fields = ["firstName", "lastName", "email", "groups", "language", "password"] as const;

/** Checks a row again with what somebody typed, under the headers of its file. */
export function recheckRow(
  values: RowValues,
  edit: RowEdit,
  { mapping, knownGroup }: { mapping: ColumnMapping; knownGroup: (key: string) => boolean },
): CheckedRow {
  const headerOf = (column: number | undefined, fallback: string) =>
    mapping.headers[column ?? -1] ?? fallback;
  const names = mapping.fullName;
  const headers = [
    headerOf(mapping.firstName ?? names, "First name"),
    headerOf(mapping.lastName ?? names, "Last name"),
    headerOf(mapping.email, "Email"),
    headerOf(mapping.groups[0], "Groups"),
    headerOf(mapping.language, "Language"),
    headerOf(mapping.password, "Password"),
  ];
  const open = values.problems.filter(({ code }) => {
    const answer = answeredBy(code);
    return answer !== undefined && edit[answer] === undefined;
  });
  const passwordOpen = open.some(({ code }) => answeredBy(code) === "password");
  const plain: ColumnMapping = {
    // As long as the password that was refused stands, none is generated in its place.
    kind: passwordOpen ? "invite" : mapping.kind,
    headers,
    firstName: 0,
    lastName: 1,
    email: 2,
    groups: [3],
    ...(edit.language !== undefined && { language: 4 }),
    ...(mapping.kind === "create" && { password: 5 }),
    ...(mapping.passwordMinimum && { passwordMinimum: mapping.passwordMinimum }),
    ignored: [],
  };
  const cells = fields.map((field) => edit[field] ?? values[field] ?? "");
  const checked = checkRow({ rowNo: values.rowNo, cells }, plain, knownGroup);
  return {
    ...checked,
    suspended: edit.suspended ?? values.suspended,
    problems: [...open, ...checked.problems],
    ...(edit.language === undefined && languageOf(values, checked)),
  };
}

/** The language nobody has corrected is what was read, and so is what was to be said of it. */
const languageOf = ({ language, notes }: RowValues, checked: CheckedRow) => ({
  ...(language !== undefined && { language }),
  notes: [...checked.notes, ...notes.filter(({ code }) => code === "unknown_language")],
});
