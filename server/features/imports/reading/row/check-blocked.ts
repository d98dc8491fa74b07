import { quoteText } from "#server/platform/text/clip-text.ts";
import type { ColumnMapping, RowProblem } from "../types.ts";
import { readBlocked } from "./read-blocked.ts";
import { cellOf, type RowReading, refuse } from "./row-reading.ts";

/** What is said of a row where nobody knows whether this person may sign in. */
export const statusProblems: ReadonlySet<string> = new Set([
  "marked_deleted",
  "unknown_status",
  "status_not_read",
]);

/** Whether the row makes a suspended user; people deleted where the file comes from are not imported. */
export function checkBlocked(reading: RowReading): boolean {
  const { blocked } = reading.mapping;
  if (!blocked) return false;
  const read = cellOf(reading, blocked.column);
  const said = readBlocked(read, blocked.reads);
  if (said === "deleted") {
    const message = "This person is marked as deleted. Take the row out, or change the mark to import them.";
    refuse(reading, blocked.column, { code: "marked_deleted", message, read });
  }
  if (said === "unknown")
    refuse(reading, blocked.column, { code: "unknown_status", message: unknown(read), read });
  return said === "suspended";
}

/** Of a row whose values may stand in the wrong columns: nobody knows whether this person may sign in. */
export const statusNotRead = ({ blocked, headers }: ColumnMapping): RowProblem[] =>
  blocked
    ? [{ column: headers[blocked.column] ?? "", code: "status_not_read", read: "", message: notRead }]
    : [];

const notRead = "Whether this person may sign in could not be read. Choose Active or Suspended.";

const unknown = (read: string) =>
  `${quoteText(read.trim())} does not say whether this person may sign in. Write Yes or No, active or suspended, ` +
  "or leave this column out.";
