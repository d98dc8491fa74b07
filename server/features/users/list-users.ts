import { z } from "zod";
import type { Context } from "#server/context.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { type listUsers as contract, type UserSort, userSorts } from "./contract.ts";
import { presentUsers } from "./present-users.ts";
import { type From, type ListedRow, listUserRows, type Sort, type SortKey } from "./store-list.ts";

const text = z.string().refine((value) => value.isWellFormed() && !value.includes("\0"));
/** As PostgreSQL writes it. */
const moment = z.string().regex(/^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/);
const keyOf: Record<SortKey, z.ZodType<string | null>> = {
  name: text,
  email: text,
  created: moment,
  lastSignIn: moment.nullable(),
};

/** One page of users, with cursors to the pages beside it. */
export async function listUsers(
  ctx: Context,
  { sort, cursor, limit, ...filter }: z.output<typeof contract.query>,
) {
  const from = cursor === undefined ? undefined : fromOf(cursor, sort);
  const found = await listUserRows(ctx, filter, { sort: sortOf(sort), limit, ...(from && { from }) });
  const more = found.length > limit;
  const rows = found.slice(0, limit);
  if (from?.direction === "previous") rows.reverse();
  const beyond =
    from?.direction === "previous"
      ? { next: rows.length > 0, previous: more }
      : { next: more, previous: Boolean(from) };
  const cursorOf = (direction: From["direction"], row: ListedRow | undefined) =>
    row ? writeCursor(sort, direction, row.sort_key, row.id) : null;
  return {
    items: await presentUsers(ctx, rows),
    nextCursor: beyond.next ? cursorOf("next", rows.at(-1)) : null,
    previousCursor: beyond.previous ? cursorOf("previous", rows[0]) : null,
  };
}

const sortOf = (sort: UserSort): Sort => ({
  by: sort.replace("-", "") as SortKey,
  descending: sort.startsWith("-"),
});

/** A cursor is good for the order it was made for. */
function fromOf(cursor: string, sort: UserSort): From {
  const keys = z.tuple([
    z.enum(userSorts).refine((made) => made === sort),
    z.enum(["next", "previous"]),
    keyOf[sortOf(sort).by],
    z.uuid(),
  ]);
  const [, direction, key, id] = readCursor(cursor, keys);
  return { direction, key, id };
}
