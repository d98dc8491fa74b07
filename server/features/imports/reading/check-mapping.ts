import type { ColumnMapping, FileProblem } from "./types.ts";

/** What stands in the way of reading a file with this mapping, guessed or corrected; said once, not for every row. */
export function checkMapping(mapping: ColumnMapping): FileProblem[] {
  const problems: FileProblem[] = [];
  if (mapping.email === undefined) problems.push(noEmailColumn(mapping.headers));
  if (!hasNames(mapping)) problems.push(noNames(mapping));
  return problems;
}

const hasNames = ({ firstName, lastName, fullName, namesFromAddress }: ColumnMapping) =>
  namesFromAddress || fullName !== undefined || (firstName !== undefined && lastName !== undefined);

const noEmailColumn = (headers: string[]): FileProblem => ({
  code: "no_email_column",
  message:
    `No column of this file is recognised as the email address. The headings read are ${listHeaders(headers)}. ` +
    "Say which column holds the addresses, or head it Email and choose the file again.",
  headers,
  ways: ["map_columns"],
});

function noNames({ headers, firstName, lastName, email }: ColumnMapping): FileProblem {
  const missing =
    firstName === lastName
      ? "This file has no names."
      : `This file has a column for the ${firstName === undefined ? "last" : "first"} name only.`;
  return {
    code: "no_names",
    message:
      `${missing} The headings read are ${listHeaders(headers)}. ` +
      "Say which columns hold them, or add one headed First name and one headed Last name and choose the file again.",
    headers,
    ways: email === undefined ? ["map_columns"] : ["map_columns", "names_from_address"],
  };
}

const shown = 8;

/** `A`, `B` and 3 more: what was read, so that a wrong separator or a missing header row is seen at once. */
export function listHeaders(headers: readonly string[]): string {
  const named = headers.filter((header) => header.trim() !== "");
  const list = named.slice(0, shown).map((header) => `\`${header.trim().slice(0, 60)}\``);
  const more = named.length - list.length;
  return list.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
