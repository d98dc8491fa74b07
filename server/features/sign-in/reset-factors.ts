import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { removeAllFactors } from "../second-factors/remove-factors.ts";
import { lockUser } from "../users/lock-user.ts";
import { endSessionsOf } from "./end-sessions.ts";

/**
 * For whoever has lost them, and their recovery codes: from now on the password alone lets them in, or has them set up
 * another where one is required. Whoever is signed in as them is signed out. Answers whether they had any.
 */
export async function resetFactors(ctx: Context, userId: string): Promise<boolean> {
  await lockUser(ctx, userId);
  if (ctx.actor.kind === "user" && ctx.actor.id === userId) throw yourself();
  if (!(await removeAllFactors(ctx, userId))) return false;
  await endSessionsOf(ctx, userId);
  return true;
}

const yourself = () =>
  new ProblemError(409, "user.yourself", "Your own second factors are on your own page, under Security.");
