import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { readImport } from "./store.ts";

export async function requireImport(ctx: Context, importId: string) {
  if (!(await readImport(ctx, importId))) throw notFound("import");
}
