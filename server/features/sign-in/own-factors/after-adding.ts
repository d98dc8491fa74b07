import type { Context } from "#server/context.ts";
import { addMessages } from "../../mail/add-messages.ts";
import { keepHasFactor } from "../../second-factors/keep-has-factor.ts";
import { makeFirstRecoveryCodes } from "../../second-factors/recovery-codes.ts";
import { endOthers } from "../end-sessions.ts";
import type { HeldSession } from "../own-session.ts";
import { noteFactor } from "../store.ts";

/**
 * What follows when somebody has set up a second factor, or another: the session it was set up in goes on, and every other,
 * begun by whoever may have had no more than the password, ends.
 */
export async function afterAdding(ctx: Context, { user, idHash }: HeldSession) {
  await keepHasFactor(ctx, user.id);
  await noteFactor(ctx, idHash);
  await endOthers(ctx, user.id, idHash);
  await addMessages(ctx, [{ userId: user.id, kind: "second_factor.added", dueAt: "first" }]);
  return { recoveryCodes: await makeFirstRecoveryCodes(ctx, user.id) };
}
