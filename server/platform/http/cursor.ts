import type { z } from "zod";
import { ProblemError } from "#server/platform/errors.ts";

/** A page's place in a list, opaque to the client: what the last row is sorted by. */
export const writeCursor = (...keys: (string | number | null)[]) =>
  Buffer.from(JSON.stringify(keys)).toString("base64url");

/** The keys of a cursor, each of its type (PostgreSQL would answer a wrong one with an error); refused when not ours. */
export function readCursor<Keys extends z.ZodTuple>(cursor: string, keys: Keys): z.output<Keys> {
  const read = keys.safeParse(parse(cursor));
  if (read.success) return read.data;
  throw new ProblemError(
    400,
    "cursor.invalid",
    "This page's address is not complete. Start from the first page.",
  );
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
