import type { Import, ImportRow } from "#server/features/imports/contract.ts";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import { hasFailed } from "../messages/has-failed.ts";
import { isOver } from "./outcomes.ts";

export type ValueField = "firstName" | "lastName" | "email" | "groups" | "language" | "password" | "status";
export type ColumnKey = "row" | ValueField | "delivery" | "outcome";
export type Column = { key: ColumnKey; label: string; width: string };

const column = (key: ColumnKey, label: string, width: string): Column => ({ key, label, width });

/** Does any of its files say in which language people are written to? */
export const saysLanguages = ({ files }: Import) =>
  files.some(({ recognised }) => recognised?.columns.some(({ use }) => use === "language"));

/**
 * The columns of the rows of an import: languages where a file has them, what is only read while it can be corrected, emails
 * once there are some.
 */
export function columnsOf(found: Import): Column[] {
  const creates = found.files.some((file) => file.kind === "create");
  const tellsStatus = found.files.some(({ recognised }) =>
    recognised?.columns.some(({ use }) => use === "blocked"),
  );
  const { messages } = found;
  const anyMail = messages !== null && Object.values(messages).some((value) => value > 0);
  return [
    column("row", "Row", found.files.length > 1 ? "136px" : "60px"),
    column("firstName", "First name", "minmax(88px, 1fr)"),
    column("lastName", "Last name", "minmax(88px, 1fr)"),
    column("email", "Email", "minmax(180px, 2.8fr)"),
    column("groups", "Groups", "minmax(104px, 1.2fr)"),
    ...(saysLanguages(found) ? [column("language", "Language", "minmax(112px, 1fr)")] : []),
    ...(found.state === "checked" && creates ? [column("password", "Password", "88px")] : []),
    ...(found.state === "checked" && tellsStatus ? [column("status", "Status", "104px")] : []),
    ...(anyMail ? [column("delivery", "Their email", "132px")] : []),
    column("outcome", "Outcome", found.counts.suspended ? "216px" : "184px"),
  ];
}

export const isValue = (key: ColumnKey): key is ValueField =>
  key !== "row" && key !== "delivery" && key !== "outcome";

/** What stands in a cell while it is edited. A password never does. */
export function valueIn(row: ImportRow, field: ValueField): string {
  if (field === "password") return "";
  if (field === "status") return row.suspended ? "Suspended" : "Active";
  if (field === "language") return row.language ? languageNames[row.language] : "";
  return field === "groups" ? row.groupCell : row[field];
}

/** The file does not say whether this person may sign in, and nobody has said it since. */
export const statusOpen = (row: ImportRow) => row.problems.some(({ field }) => field === "status");

export type Note = { tone: "bad" | "warn" | "plain"; text: string };

/**
 * What is to be said at a cell: what is wrong there, what is worth a look. What belongs to no column on screen stands at the
 * row's number: it is about the row. That undoing erased somebody is said once above, and in each cell.
 */
export function notesAt(row: ImportRow, key: ColumnKey, { columns, found }: Shown): Note[] {
  const here = (field: ImportRow["problems"][number]["field"]) =>
    key === "row" ? !columns.some((one) => one.key === field) : field === key;
  return [
    ...row.problems
      .filter(({ field, code }) => here(field) && code !== "undone")
      .map((problem): Note => {
        if (problem.code === "unknown_group") return missingGroup(problem, found);
        const { column, read, message, field } = problem;
        const named = key === "row" && field !== null && column ? `${column}: ` : "";
        const known = !read || message.includes(read) || (isValue(key) && valueIn(row, key) === read);
        const text = `${named}${message}${known || key === "row" ? "" : ` Read: \`${read}\`.`}`;
        return { tone: row.outcome === "problem" ? "bad" : "plain", text };
      }),
    ...(key === "delivery" ? replyOf(row) : []),
    ...row.warnings
      .filter((warning) => here(warning.field))
      .map(({ message }) => ({ tone: "warn" as const, text: message })),
  ];
}

export type Shown = { columns: readonly Column[]; found: Import };

/** What stands in a row's way, unless it was chosen to create such groups. */
const missingGroup = ({ read, message }: ImportRow["problems"][number], found: Import): Note =>
  found.createMissingGroups && !isOver(found)
    ? { tone: "plain", text: `The group \`${read}\` will be created.` }
    : { tone: "bad", text: message };

/** Why an email is not there yet, in the words of the mail server. */
function replyOf({ message }: ImportRow): Note[] {
  if (!message?.lastReply || (!hasFailed(message.state) && message.state !== "deferred")) return [];
  return [
    {
      tone: hasFailed(message.state) ? "bad" : "plain",
      text: `The mail server said: ${message.lastReply}`,
    },
  ];
}
