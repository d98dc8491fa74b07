import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { type ImportRecord, readImport } from "./store.ts";

export async function requireImport(ctx: Context, importId: string): Promise<ImportRecord> {
  const found = await readImport(ctx, importId);
  if (!found) throw notFound("import");
  return found;
}
