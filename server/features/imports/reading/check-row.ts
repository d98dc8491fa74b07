import { clipText } from "#server/platform/text/clip-text.ts";
import { checkEmailAddress, emailKey as keyOf } from "../../users/email-address.ts";
import { checkBlocked, statusNotRead } from "./row/check-blocked.ts";
import { checkGroups, partsOf, splitCells } from "./row/check-groups.ts";
import { checkLanguage } from "./row/check-language.ts";
import { checkNames } from "./row/check-names.ts";
import { checkPasswordCell } from "./row/check-password-cell.ts";
import { movedLeft, tooFewCells } from "./row/moved-left.ts";
import { cellOf, findingsOf, note, type RowReading, refuse, startReading } from "./row/row-reading.ts";
import type { CheckedRow, ColumnMapping, ReadRow, RowProblem } from "./types.ts";

/** One row under its mapping: what it says, everything that is wrong with it, and what was mended in passing. */
export function checkRow(
  row: ReadRow,
  mapping: ColumnMapping,
  knownGroup: (key: string) => boolean,
): CheckedRow {
  const left = movedLeft(row, mapping);
  if (left) return describeShifted({ ...row, cells: [], problem: row.problem ?? left }, mapping, knownGroup);
  const problem = row.problem ?? swallowedRows(row, mapping);
  if (problem) return describeShifted({ ...row, problem }, mapping, knownGroup);
  const checked = checkCells(row, mapping, knownGroup);
  // A short row may lack its last cells, or one in the middle: only where all is well is it clear that nothing moved.
  const unclear = checked.problems.length > 0 && tooFewCells(row, mapping);
  return unclear ? describeShifted({ ...row, cells: [], problem: unclear }, mapping, knownGroup) : checked;
}

function checkCells(row: ReadRow, mapping: ColumnMapping, knownGroup: (key: string) => boolean): CheckedRow {
  const reading = startReading(row.cells, mapping);
  const { email, emailKey } = checkAddress(reading);
  const { firstName, lastName } = checkNames(reading, email);
  const language = checkLanguage(reading);
  const suspended = checkBlocked(reading);
  const password = checkPasswordCell(reading, { email, firstName, lastName });
  // Last: a cell can name hundreds of groups that are none, and of so many problems not all are kept.
  const groupCells = splitCells(reading, knownGroup);
  const { groupNames, groupKeys } = checkGroups(reading, groupCells);
  const { problems, notes } = findingsOf(reading);
  return {
    rowNo: row.rowNo,
    email,
    emailKey,
    firstName,
    lastName,
    groupNames,
    groupKeys,
    groupParts: partsOf(groupCells),
    ...password,
    ...language,
    suspended,
    problems,
    notes,
  };
}

function checkAddress(reading: RowReading): Pick<CheckedRow, "email" | "emailKey"> {
  const { email: column } = reading.mapping;
  const read = cellOf(reading, column);
  const checked = checkEmailAddress(read);
  if (!checked.ok) {
    refuse(reading, column, { ...checked, read });
    return { email: clipText(read.trim(), 300), emailKey: "" };
  }
  note(reading, column, checked.notes);
  return { email: checked.address, emailKey: keyOf(checked.address) };
}

const lineBreak = /[\r\n]/;

/**
 * A line break in the middle of a value can mean that a quotation mark is missing and the next rows are in it. Where
 * there are passwords in the file they are then in it as well, and nothing of that row may be repeated.
 */
function swallowedRows({ cells }: ReadRow, mapping: ColumnMapping): RowProblem | undefined {
  const { password, firstName, lastName, fullName, email, groups, language, blocked, headers } = mapping;
  if (password === undefined || !cells.some((cell) => lineBreak.test(cell))) return undefined;
  const columns = [firstName, lastName, fullName, email, ...groups, language, blocked?.column];
  const column = columns.find((at) => at !== undefined && lineBreak.test((cells[at] ?? "").trim()));
  if (column === undefined) return undefined;
  const message =
    "There is a line break in this value. Write it on one line, and check that no quotation mark is missing in this row.";
  return { column: headers[column] ?? "", code: "line_break", read: "", message };
}

/**
 * A row whose values may stand in the wrong columns is shown, not checked. Those that may have moved to the left are left
 * out by the caller; of the others what stands left of the password column is no password, what stands right of it may be
 * a piece of one, and a value with line breaks may hold whole rows.
 */
function describeShifted(
  { rowNo, cells, problem }: ReadRow,
  mapping: ColumnMapping,
  knownGroup: (key: string) => boolean,
): CheckedRow {
  const safe = cells
    .slice(0, mapping.password ?? cells.length)
    .map((cell) => (lineBreak.test(cell) ? "" : cell));
  const reading = startReading(safe, mapping);
  const text = (column: number | undefined) => clipText(cellOf(reading, column).trim(), 300);
  return {
    rowNo,
    email: text(mapping.email),
    emailKey: "",
    firstName: text(mapping.firstName ?? mapping.fullName),
    lastName: text(mapping.lastName),
    groupNames: [],
    groupKeys: [],
    groupParts: partsOf(splitCells(reading, knownGroup)),
    suspended: false,
    problems: [...(problem ? [problem] : []), ...statusNotRead(mapping)],
    notes: [],
  };
}
