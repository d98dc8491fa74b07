import { z } from "zod";
import { ProblemError } from "#server/platform/errors.ts";
import { readCursor } from "#server/platform/http/cursor.ts";

export const messageKeys = z.tuple([z.uuid()]);
export const mailboxKeys = z.tuple([z.iso.datetime(), z.uuid()]);

/** The keys of a cursor, each of its type: PostgreSQL would answer a wrong one with an error of its own. */
export function readKeys<Keys extends z.ZodTuple>(cursor: string, keys: Keys): z.output<Keys> {
  const read = keys.safeParse(readCursor(cursor, keys.def.items.length));
  if (read.success) return read.data;
  throw new ProblemError(
    400,
    "cursor.invalid",
    "This page's address is not complete. Start from the first page.",
  );
}
