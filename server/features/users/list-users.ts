import { z } from "zod";
import type { Context } from "#server/context.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import type { userQuery } from "./contract.ts";
import { presentUsers } from "./present-users.ts";
import { listUserRows, type UserPage, type UserRow } from "./store.ts";

const keys = z.tuple([z.enum(["next", "previous"]), z.string(), z.uuid()]);

/** One page of users, with cursors to the pages beside it. */
export async function listUsers(ctx: Context, { cursor, limit, ...filter }: z.output<typeof userQuery>) {
  const from = cursor === undefined ? undefined : fromOf(cursor);
  const found = await listUserRows(ctx, filter, { limit, ...(from && { from }) });
  const more = found.length > limit;
  const rows = found.slice(0, limit);
  if (from?.direction === "previous") rows.reverse();
  const beyond =
    from?.direction === "previous"
      ? { next: rows.length > 0, previous: more }
      : { next: more, previous: Boolean(from) };
  return {
    items: await presentUsers(ctx, rows),
    nextCursor: beyond.next ? cursorOf("next", rows.at(-1)) : null,
    previousCursor: beyond.previous ? cursorOf("previous", rows[0]) : null,
  };
}

const cursorOf = (direction: "next" | "previous", row: UserRow | undefined) =>
  row ? writeCursor(direction, row.name_key, row.id) : null;

function fromOf(cursor: string): UserPage["from"] {
  const [direction, nameKey, id] = readCursor(cursor, keys);
  return { direction, nameKey, id };
}
