import { z } from "zod";
import type { Context } from "#server/context.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { daysAfter } from "../../credentials/validity.ts";
import { formerGroupsOf } from "../../groups/store-former.ts";
import { type DeletedUser, deletedSorts, erasedSoonDays, type listDeletedUsers } from "../contract.ts";
import { countDeletedAtMost, type DeletedRow, listDeletedRows } from "./store-deleted.ts";

/** Those whose days are over by then are erased soon. */
export const soonBefore = (now: Date) => daysAfter(now, erasedSoonDays);

/** One page of deleted users. */
export async function listDeleted(ctx: Context, query: z.output<typeof listDeletedUsers.query>) {
  const { search, soon, sort, cursor, limit } = query;
  const by = sort.endsWith("erase") ? "erase_at" : "deleted_at";
  const found = await listDeletedRows(
    ctx,
    { search, eraseBefore: soon && soonBefore(ctx.now) },
    { by, descending: sort.startsWith("-"), after: cursor ? placeOf(cursor, sort) : undefined, limit },
  );
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const groups = await formerGroupsOf(
    ctx,
    rows.map((row) => row.id),
  );
  return {
    items: rows.map((row) => present(row, groups.get(row.id))),
    nextCursor: last ? writeCursor(sort, last[by].toISOString(), last.id) : null,
  };
}

/** A cursor is good for the order it was made for. */
function placeOf(cursor: string, sort: (typeof deletedSorts)[number]) {
  const made = z.enum(deletedSorts).refine((other) => other === sort);
  const [, at, id] = readCursor(cursor, z.tuple([made, z.iso.datetime(), z.uuid()]));
  return [new Date(at), id] as const;
}

/** Nobody needs to know more closely how many have gone. */
const atMost = 10_000;

export async function countDeleted(ctx: Context, { search }: { search?: string | undefined }) {
  return {
    all: await countDeletedAtMost(ctx, { search }, atMost),
    soon: await countDeletedAtMost(ctx, { search, eraseBefore: soonBefore(ctx.now) }, atMost),
    atMost,
  };
}

const present = (row: DeletedRow, groups: DeletedUser["groups"] = []): DeletedUser => ({
  id: row.id,
  email: row.email,
  firstName: row.first_name,
  lastName: row.last_name,
  role: row.role,
  status: row.status,
  groups: groups.map(({ id, name, active }) => ({ id, name, active })),
  deletedAt: row.deleted_at.toISOString(),
  eraseAt: row.erase_at.toISOString(),
});
