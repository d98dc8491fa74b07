import { checkMapping, listHeaders } from "./check-mapping.ts";
import { recogniseHeader } from "./columns/recognise-header.ts";
import type { ColumnMapping, ColumnUse, FileProblem, RecognisedColumns } from "./types.ts";

/** What holds one value, so that only one column can be used for it, and what to call it. */
const singles = {
  firstName: "the first name",
  lastName: "the last name",
  fullName: "the full name",
  email: "the email address",
  password: "the password",
  language: "the language",
  blocked: "whether somebody is suspended",
} as const satisfies Partial<Record<ColumnUse, string>>;

const ofOneColumn = ["firstName", "lastName", "fullName", "email", "password", "language"] as const;

type Options = { kind?: "create" | "invite"; namesFromAddress?: boolean };

/** The mapping that somebody chose: what each column is used for, in the order of the file. */
export function applyColumnChoice(
  headers: readonly string[],
  uses: readonly (ColumnUse | null)[],
  { kind, namesFromAddress }: Options = {},
): RecognisedColumns {
  const columnsOf = (use: ColumnUse) =>
    headers.flatMap((_, column) => (uses[column] === use ? [column] : []));
  const [blocked] = columnsOf("blocked");
  const chosen: Partial<Record<(typeof ofOneColumn)[number], number>> = Object.fromEntries(
    ofOneColumn.flatMap((use) => {
      const [column] = columnsOf(use);
      return column === undefined ? [] : [[use, column] as const];
    }),
  );
  const mapping: ColumnMapping = {
    kind: kind ?? (chosen.password === undefined ? "invite" : "create"),
    headers: [...headers],
    ...chosen,
    ...(namesFromAddress && { namesFromAddress }),
    groups: columnsOf("groups"),
    ...(blocked !== undefined && { blocked: { column: blocked, reads: readingOf(headers[blocked] ?? "") } }),
    ignored: headers.flatMap((header, column) => {
      if (uses[column]) return [];
      // Whoever corrects another column is still offered groups, as long as none are chosen.
      const candidate = !uses.includes("groups") && recogniseHeader(header)?.field === "groupCandidate";
      return [{ column, header, ...(candidate && { candidate: "groups" as const }) }];
    }),
  };
  const twice = Object.entries(singles).flatMap(([use, name]) => {
    const columns = columnsOf(use as ColumnUse);
    return columns.length > 1
      ? [
          usedTwice(
            columns.map((column) => headers[column] ?? ""),
            name,
          ),
        ]
      : [];
  });
  return { mapping, problems: [...twice, ...checkMapping(mapping)] };
}

/** `Enabled: no` and `Blocked: yes` say the same; a header that says neither is taken for the second. */
function readingOf(header: string) {
  const match = recogniseHeader(header);
  return match?.field === "blocked" ? match.reads : "blocked";
}

const usedTwice = (headers: string[], name: string): FileProblem => ({
  code: "two_columns",
  message: `${listHeaders(headers)} are all used for ${name}. Choose one.`,
  headers,
  ways: ["map_columns"],
});

/** The other way round: what each column of a mapping is used for. */
export function usesOf(mapping: ColumnMapping): (ColumnUse | null)[] {
  const uses: (ColumnUse | null)[] = mapping.headers.map(() => null);
  for (const use of ofOneColumn) {
    const column = mapping[use];
    if (column !== undefined) uses[column] = use;
  }
  if (mapping.blocked) uses[mapping.blocked.column] = "blocked";
  for (const column of mapping.groups) uses[column] = "groups";
  return uses;
}
