import { listHeaders } from "../check-mapping.ts";
import { recogniseHeader } from "../columns/recognise-header.ts";
import { defaultLimits } from "../read-rows.ts";
import type { FileProblem } from "../types.ts";
import { hasAddress, isBlankRow, type Layout } from "./detect-layout.ts";

/** What is wrong with a file as a whole, as far as its first rows show. */
export function checkHead({ rows, complete, headerAt }: Layout): FileProblem | undefined {
  const headers = rows[headerAt];
  if (!headers || isBlankRow(headers)) return complete ? emptyFile : noHeadings;
  if (headers.length > defaultLimits.columns) return tooManyColumns(headers.length);
  // A heading may show an example: `Email (like anna@example.com)`.
  if (hasAddress(headers) && !headers.some(recogniseHeader)) return headingsMissing;
  if (complete && rows.slice(headerAt + 1).every(isBlankRow)) return onlyHeadings(headers);
  return undefined;
}

const emptyFile: FileProblem = {
  code: "empty_file",
  message: "This file is empty. Choose the file that holds the people.",
};

const noHeadings: FileProblem = {
  code: "no_headings",
  message: "No row of headings was found at the beginning of this file. Put one above the people.",
};

const headingsMissing: FileProblem = {
  code: "no_headings",
  message:
    "This file begins with a person instead of headings. Put a row such as First name, Last name, Email above.",
};

const onlyHeadings = (headers: string[]): FileProblem => ({
  code: "no_rows",
  message: `This file has headings (${listHeaders(headers)}) but nobody below them. Add a row for each person.`,
  headers,
});

const tooManyColumns = (count: number): FileProblem => ({
  code: "too_many_columns",
  message: `This file has ${count} columns; at most ${defaultLimits.columns} can be read. Delete those not needed.`,
});
