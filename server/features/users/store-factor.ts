import type { Context } from "#server/context.ts";
import { recounting } from "./store-counts.ts";

/**
 * Notes whether somebody has a second factor. Of a row this transaction has locked. Their version stays: whoever is changing
 * who they are at that moment need not look again.
 */
export const writeHasFactor = (ctx: Context, userId: string, hasFactor: boolean) =>
  recounting(ctx, [userId], () =>
    ctx.tx.run(
      `update users set has_factor = $3, updated_at = $4
        where tenant_id = $1 and id = $2 and has_factor <> $3`,
      [ctx.tenantId, userId, hasFactor, ctx.now],
    ),
  );
