import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { isAddressNew } from "../audit/store.ts";
import { daysAfter } from "../credentials/validity.ts";
import { removeAllFactors } from "../second-factors/remove-factors.ts";
import { lockUser } from "../users/lock-user.ts";
import { endSessionsOf } from "./end-sessions.ts";

/**
 * For whoever has lost them, and their recovery codes: from now on the password alone lets them in, or has them set up
 * another where one is required. Whoever is signed in as them is signed out. Answers whether they had any.
 */
export async function resetFactors(ctx: Context, userId: string): Promise<boolean> {
  await lockUser(ctx, userId);
  if (ctx.actor.kind === "user") {
    if (ctx.actor.id === userId) throw yourself();
    await requireOldAddress(ctx, userId);
  }
  if (!(await removeAllFactors(ctx, userId))) return false;
  await endSessionsOf(ctx, userId);
  return true;
}

/** So long after somebody else has changed their address, which would be told of it in their place. */
const daysToBeTold = 3;

async function requireOldAddress(ctx: Context, userId: string) {
  const since = daysAfter(ctx.now, -daysToBeTold);
  if (!(await isAddressNew(ctx, { userId, since }))) return;
  throw new ProblemError(
    409,
    "user.address_changed_lately",
    `Their email address was changed within the last ${daysToBeTold} days, so that they might not learn of it. Wait until ${daysToBeTold} days have passed, or have whoever runs Muster do it.`,
  );
}

const yourself = () =>
  new ProblemError(409, "user.yourself", "Your own second factors are on your own page, under Security.");
