import { ProblemError } from "#server/platform/errors.ts";

/** A page's place in a list, opaque to the client: what the last row is sorted by. */
export const writeCursor = (...keys: (string | number)[]) =>
  Buffer.from(JSON.stringify(keys)).toString("base64url");

/** The `length` keys of a cursor; refused when it is not one of ours. */
export function readCursor(cursor: string, length: number): string[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(keys) && keys.length === length) return keys.map(String);
  } catch {
    // Falls through to the refusal.
  }
  throw new ProblemError(
    400,
    "cursor.invalid",
    "This page's address is not complete. Start from the first page.",
  );
}
