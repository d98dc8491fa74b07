import { checkMapping, listHeaders } from "./check-mapping.ts";
import { type Match, normaliseHeader, recogniseHeader } from "./columns/recognise-header.ts";
import type { ColumnMapping, FileProblem, IgnoredColumn, RecognisedColumns } from "./types.ts";

type Candidate = { column: number; header: string; match: Match };
type SingleField = "firstName" | "lastName" | "fullName" | "email" | "password" | "passwordHash" | "language";
type Chosen = { columns: Partial<Record<SingleField, number>>; problems: FileProblem[] };

const singleFields: readonly SingleField[] = [
  "firstName",
  "lastName",
  "fullName",
  "email",
  "password",
  "passwordHash",
  "language",
];

/** Which column holds what, going by the headers; with the problems that stand in the way of the whole file. */
export function recogniseColumns(headers: readonly string[]): RecognisedColumns {
  const candidates = headers.flatMap((header, column) => {
    const match = recogniseHeader(header);
    return match ? [{ column, header, match }] : [];
  });
  const { columns, problems } = chooseColumns(candidates);
  const named = { ...columns, ...chooseNames(columns, candidates) };
  const mapping = completeMapping(headers, named, candidates);
  return { mapping, problems: [...problems, ...checkMapping(mapping)] };
}

function chooseColumns(candidates: readonly Candidate[]): Chosen {
  const chosen: Chosen = { columns: {}, problems: [] };
  for (const field of singleFields) {
    const fitting = candidates.filter(({ match }) => match.field === field);
    const rank = Math.min(...fitting.map(({ match }) => match.rank));
    const [best, ...equals] = fitting.filter(({ match }) => match.rank === rank);
    if (!best) continue;
    chosen.columns[field] = best.column;
    // Of several languages the first will do: without any of them the file is as good.
    if (equals.length > 0 && field !== "language") chosen.problems.push(twoColumns([best, ...equals], field));
  }
  return chosen;
}

const fieldNames: Record<SingleField, string> = {
  firstName: "the first name",
  lastName: "the last name",
  fullName: "the name",
  email: "the email address",
  password: "the password",
  passwordHash: "how the password is hashed",
  language: "the language",
};

function twoColumns(columns: readonly Candidate[], field: SingleField): FileProblem {
  const headers = columns.map(({ header }) => header);
  const same = new Set(headers.map(normaliseHeader)).size === 1;
  const message = `${listHeaders(headers)} ${columns.length === 2 ? "both" : "all"} look like ${fieldNames[field]}. Choose one.`;
  return { code: same ? "duplicate_header" : "two_columns", message, headers, ways: ["map_columns"] };
}

/** A column called just `Name` is whatever the others leave open; a full name is used only where the halves are not there. */
function chooseNames(columns: Chosen["columns"], candidates: readonly Candidate[]): Chosen["columns"] {
  const any = candidates.find(({ match }) => match.field === "anyName")?.column;
  const { firstName, lastName, fullName } = columns;
  if (any === undefined || fullName !== undefined || (firstName !== undefined && lastName !== undefined))
    return {};
  if (firstName !== undefined) return { lastName: any };
  return lastName === undefined ? { fullName: any } : { firstName: any };
}

function completeMapping(
  headers: readonly string[],
  named: Chosen["columns"],
  candidates: readonly Candidate[],
) {
  const { firstName, lastName, fullName, ...others } = named;
  const halves = firstName !== undefined && lastName !== undefined;
  const names = halves
    ? { firstName, lastName }
    : fullName === undefined
      ? { firstName, lastName }
      : { fullName };
  const groups = groupColumns(headers, candidates);
  const blocked = chooseBlocked(candidates);
  const mapping: Omit<ColumnMapping, "ignored"> = {
    kind: others.password === undefined ? "invite" : "create",
    headers: [...headers],
    ...withoutUndefined(names),
    ...others,
    groups,
    ...(blocked && { blocked }),
  };
  return { ...mapping, ignored: ignoredColumns(mapping) } satisfies ColumnMapping;
}

const withoutUndefined = (names: { [Name in SingleField]?: number | undefined }): Chosen["columns"] =>
  Object.fromEntries(Object.entries(names).filter(([, column]) => column !== undefined));

// Moodle's `group1` is a group inside `course1`, nothing a person is a member of outside that course.
function groupColumns(headers: readonly string[], candidates: readonly Candidate[]): number[] {
  const courses = headers.some((header) => /^course\d+$/i.test(header.trim()));
  const isCourseGroup = (header: string) => courses && /^group\d+$/i.test(header.trim());
  return candidates
    .filter(({ header, match }) => match.field === "groups" && !isCourseGroup(header))
    .map(({ column }) => column);
}

function chooseBlocked(candidates: readonly Candidate[]): ColumnMapping["blocked"] {
  let best: (ColumnMapping["blocked"] & { rank: number }) | undefined;
  for (const { column, match } of candidates) {
    if (match.field !== "blocked" || (best && best.rank <= match.rank)) continue;
    best = { column, reads: match.reads, rank: match.rank };
  }
  return best && { column: best.column, reads: best.reads };
}

function ignoredColumns(mapping: Omit<ColumnMapping, "ignored">): IgnoredColumn[] {
  const { firstName, lastName, fullName, email, password, passwordHash, groups, language, blocked } = mapping;
  const used = new Set([
    firstName,
    lastName,
    fullName,
    email,
    password,
    passwordHash,
    ...groups,
    language,
    blocked?.column,
  ]);
  return mapping.headers.flatMap((header, column) => {
    if (used.has(column)) return [];
    const candidate = recogniseHeader(header)?.field === "groupCandidate";
    return [{ column, header, ...(candidate && { candidate: "groups" as const }) }];
  });
}
