import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { addMessages } from "../mail/add-messages.ts";
import { readSettings } from "../tenants/settings.ts";
import type { UserRow } from "../users/store.ts";
import { keepHasFactor } from "./keep-has-factor.ts";
import { removePasskeyNamed, removePasskeys } from "./passkeys/store-passkeys.ts";
import { requiresSecondFactor } from "./requires-second-factor.ts";
import { removeAuthenticators, removeRecoveryCodes, whetherHasFactor } from "./store.ts";

/** Removes the authenticator app of somebody who is locked and asks for it. */
export async function removeOwnAuthenticator(ctx: Context, user: UserRow): Promise<void> {
  if ((await removeAuthenticators(ctx, [user.id])) === 0) throw notFound("authenticator app");
  await record(ctx, { action: "second_factor.authenticator_removed", target: { kind: "user", id: user.id } });
  await afterRemoval(ctx, user);
}

/** Removes a passkey of somebody who is locked and asks for it. */
export async function removeOwnPasskey(ctx: Context, user: UserRow, id: string): Promise<void> {
  const removed = await removePasskeyNamed(ctx, user.id, id);
  if (!removed) throw notFound("passkey");
  await record(ctx, {
    action: "second_factor.passkey_removed",
    target: { kind: "user", id: user.id },
    changes: { passkey: { before: removed.name, after: null } },
  });
  await afterRemoval(ctx, user);
}

/** What follows when somebody has removed one themselves. The last one stays where the tenant requires one. */
async function afterRemoval(ctx: Context, user: UserRow) {
  if (!(await whetherHasFactor(ctx, user.id))) {
    if (requiresSecondFactor(await readSettings(ctx), user.role)) throw lastRequired();
    // They stand in for nothing any more, and must not be asked for by themselves.
    await removeRecoveryCodes(ctx, [user.id]);
  }
  await keepHasFactor(ctx, user.id);
  await tellOfRemoval(ctx, user.id);
}

const tellOfRemoval = (ctx: Context, userId: string) =>
  addMessages(ctx, [{ userId, kind: "second_factor.removed", dueAt: "first" }]);

/** Removes all of somebody's, for whoever has lost them, and tells them. Answers whether there were any. */
export async function removeAllFactors(ctx: Context, userId: string): Promise<boolean> {
  const authenticators = await removeAuthenticators(ctx, [userId]);
  const passkeys = await removePasskeys(ctx, [userId]);
  await removeRecoveryCodes(ctx, [userId]);
  if (authenticators + passkeys === 0) return false;
  await keepHasFactor(ctx, userId);
  await record(ctx, {
    action: "second_factor.reset",
    target: { kind: "user", id: userId },
    details: { authenticator: authenticators > 0, passkeys },
  });
  await tellOfRemoval(ctx, userId);
  return true;
}

const lastRequired = () =>
  new ProblemError(
    409,
    "second_factor.last_required",
    "Your organisation requires a second factor, and this is your last one. Set up another first, or replace it.",
  );
