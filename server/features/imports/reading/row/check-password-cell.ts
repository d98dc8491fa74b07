import { cleanText } from "#server/platform/text/clean-text.ts";
import { checkPassword } from "../../../credentials/password-rules.ts";
import type { CheckedRow } from "../types.ts";
import { cellOf, note, type RowReading, refuse } from "./row-reading.ts";

type About = { email: string; firstName: string; lastName: string };

type Password = Pick<CheckedRow, "password" | "generatePassword">;

/** What is said of a row whose password is refused. */
export const passwordProblems: ReadonlySet<string> = new Set(["bad_password", "password_is_hash"]);

/**
 * The password of a created user, where nothing is wrong with it; one is generated where there is none. What was read is
 * never repeated in a problem.
 */
export function checkPasswordCell(reading: RowReading, about: About): Password {
  const { kind, password: column, passwordHash } = reading.mapping;
  if (kind !== "create") return {};
  if (cellOf(reading, passwordHash).trim() !== "") {
    refuse(reading, passwordHash, { code: "password_is_hash", message: isHash, read: "" });
    return {};
  }
  // As it stands in the file: a password may begin with what would be a neutralised formula elsewhere.
  const cell = column === undefined ? "" : (reading.cells[column] ?? "");
  const { text, notes } = cleanText(cell);
  if (text === "") {
    // Where the whole file has none that is said once, by its being a creation file all the same.
    if (column !== undefined) note(reading, column, [generated]);
    return { generatePassword: true };
  }
  const problem = checkPassword(text, about, reading.mapping.passwordMinimum);
  if (problem) {
    refuse(reading, column, { code: "bad_password", message: problem, read: "" });
    return {};
  }
  note(reading, column, text.length < cell.length && notes.length === 0 ? [spacesRemoved] : notes);
  return { password: text };
}

const generated = { code: "password_generated", message: "No password in the file: one is generated." };

const isHash =
  "The file holds a hash instead of the password itself, which nobody can sign in with. " +
  "Put passwords in the file, or invite these people instead.";

const spacesRemoved = { code: "spaces_removed", message: "Spaces around the password removed." };
