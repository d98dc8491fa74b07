import type { Context } from "#server/context.ts";
import { writeHasFactor } from "../users/store-factor.ts";
import { whetherHasFactor } from "./store.ts";

/**
 * What the users say of who has a second factor follows what there is of them. Of a person this transaction has locked, after
 * every change of what they have.
 */
export const keepHasFactor = async (ctx: Context, userId: string) =>
  writeHasFactor(ctx, userId, await whetherHasFactor(ctx, userId));
