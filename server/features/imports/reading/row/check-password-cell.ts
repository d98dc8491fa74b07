import { cleanText } from "#server/platform/text/clean-text.ts";
import { checkPassword } from "../../../credentials/password-rules.ts";
import { cellOf, note, type RowReading, refuse } from "./row-reading.ts";

type About = { email: string; firstName: string; lastName: string };

/** The password of a created user, where nothing is wrong with it. What was read is never repeated in a problem. */
export function checkPasswordCell(reading: RowReading, about: About): string | undefined {
  const { kind, password: column, passwordHash } = reading.mapping;
  if (kind !== "create") return undefined;
  if (cellOf(reading, passwordHash).trim() !== "") {
    refuse(reading, passwordHash, { code: "password_is_hash", message: isHash, read: "" });
    return undefined;
  }
  // As it stands in the file: a password may begin with what would be a neutralised formula elsewhere.
  const cell = column === undefined ? "" : (reading.cells[column] ?? "");
  const { text, notes } = cleanText(cell);
  if (text === "") {
    refuse(reading, column, { code: "required", message: "Password is missing.", read: "" });
    return undefined;
  }
  const problem = checkPassword(text, about);
  if (problem) {
    refuse(reading, column, { code: "bad_password", message: problem, read: "" });
    return undefined;
  }
  note(reading, column, text.length < cell.length && notes.length === 0 ? [spacesRemoved] : notes);
  return text;
}

const isHash =
  "The file holds a hash instead of the password itself, which nobody can sign in with. " +
  "Put passwords in the file, or invite these people instead.";

const spacesRemoved = { code: "spaces_removed", message: "Spaces around the password removed." };
