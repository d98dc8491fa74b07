import { z } from "zod";
import type { Context } from "#server/context.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { formerGroupsOf } from "../../groups/store-former.ts";
import type { DeletedUser } from "../contract.ts";
import { type DeletedRow, listDeletedRows } from "./store-deleted.ts";

const keys = z.tuple([z.iso.datetime(), z.uuid()]);

type Query = { search?: string | undefined; cursor?: string | undefined; limit: number };

/** One page of deleted users, the latest first. */
export async function listDeleted(ctx: Context, { search, cursor, limit }: Query) {
  const [deletedAt, id] = cursor === undefined ? [] : readCursor(cursor, keys);
  const after = deletedAt && id ? ([new Date(deletedAt), id] as const) : undefined;
  const found = await listDeletedRows(ctx, { search, after, limit });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const groups = await formerGroupsOf(
    ctx,
    rows.map((row) => row.id),
  );
  return {
    items: rows.map((row) => present(row, groups.get(row.id))),
    nextCursor: last ? writeCursor(last.deleted_at.toISOString(), last.id) : null,
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
