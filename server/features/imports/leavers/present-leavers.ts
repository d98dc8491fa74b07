import { z } from "zod";
import type { Context } from "#server/context.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { requireImport } from "../require-import.ts";
import { listLeavers } from "./store-leavers.ts";

const keys = z.tuple([z.string(), z.uuid()]);
const fromTheFirst = ["", "00000000-0000-0000-0000-000000000000"] as const;

type Page = { search?: string | undefined; cursor?: string | undefined; limit: number };

/** One page of the people missing from an import, by name. */
export async function presentLeavers(ctx: Context, importId: string, { search, cursor, limit }: Page) {
  await requireImport(ctx, importId);
  const after = cursor === undefined ? fromTheFirst : readCursor(cursor, keys);
  const found = await listLeavers(ctx, importId, { search, after, limit });
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ id, name, email, ticked, suspended }) => ({
      userId: id,
      name,
      email,
      ticked,
      suspended,
    })),
    nextCursor: last ? writeCursor(last.name_key, last.id) : null,
  };
}
