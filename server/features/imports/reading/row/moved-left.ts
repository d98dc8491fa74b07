import { checkEmailAddress } from "../../../users/email-address.ts";
import type { ColumnMapping, ReadRow, RowProblem } from "../types.ts";

/**
 * In a file with passwords: whether a cell is missing, so that the values behind it, the password among them, stand in
 * columns that are shown. Nothing of such a row may be repeated.
 */
export function movedLeft(row: ReadRow, mapping: ColumnMapping): RowProblem | undefined {
  const { password, email } = mapping;
  if (password === undefined) return undefined;
  if (row.cells.length <= password) return tooFewCells(row, mapping);
  const addressElsewhere = usedColumns(mapping).some((at) => at !== email && isAddress(row.cells[at]));
  return addressElsewhere && email !== undefined && !isAddress(row.cells[email]) ? notAligned : undefined;
}

/** In a file with passwords: what to say of a row with fewer cells than there are columns. */
export function tooFewCells(
  { cells }: ReadRow,
  { password, headers }: ColumnMapping,
): RowProblem | undefined {
  if (password === undefined || cells.length >= headers.length) return undefined;
  const message =
    `This row has ${cells.length} cells, but the file has ${headers.length} columns, so values may stand in the wrong ones. ` +
    "Leave a cell empty instead of leaving it out.";
  return { column: "", code: "too_few_cells", read: "", message };
}

const notAligned: RowProblem = {
  column: "",
  code: "wrong_columns",
  read: "",
  message:
    "The email address of this row stands in another column, so values may stand in the wrong ones. " +
    "Check the separators and quotation marks of this row.",
};

const usedColumns = ({ firstName, lastName, fullName, password, groups, language }: ColumnMapping) =>
  [firstName, lastName, fullName, password, ...groups, language].filter((column) => column !== undefined);

const isAddress = (cell = "") => cell.includes("@") && checkEmailAddress(cell).ok;
