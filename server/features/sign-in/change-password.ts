import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { hashPassword, verifyPassword } from "../credentials/hash-password.ts";
import { spendLinks } from "../credentials/links.ts";
import { checkPassword } from "../credentials/password-rules.ts";
import { readCredential, storePassword } from "../credentials/store.ts";
import { addMessages } from "../mail/add-messages.ts";
import { kindsWithSecrets } from "../mail/kinds.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { factorKey } from "../second-factors/factor-key.ts";
import { readSettings } from "../tenants/settings.ts";
import type { UserRow } from "../users/store.ts";
import type { changePassword as contract } from "./contract.ts";
import { changeKey, linkKey } from "./lockout.ts";
import { holdSession, ownId } from "./own-session.ts";
import { presentMe } from "./present-me.ts";
import { startSession } from "./start-session.ts";
import { removeSessionsOf, type SessionRow } from "./store.ts";
import { removeBegunOf } from "./store-begun.ts";

/** Changes the own password. Every session ends, also those of whoever else knew the old password; a new one begins. */
export async function changePassword(door: Door, input: z.output<typeof contract.body>, http: Http) {
  const userId = ownId(door);
  const attempt = await door.instance.throttle({ ip: http.ip, person: changeKey(door.tenantId, userId) });
  const credential = await door.run((ctx) => readCredential(ctx, userId));
  if (!(await verifyPassword(credential?.password_hash, input.currentPassword))) {
    throw field("password.wrong", "currentPassword", "This is not your current password.");
  }
  if (input.currentPassword === input.newPassword) {
    throw field("password.unchanged", "newPassword", "Choose a password other than the current one.");
  }
  const hash = await hashPassword(input.newPassword);
  const { session, me } = await door.run(async (ctx) => {
    const { user, session: before } = await holdSession(ctx, http);
    // Whoever knew the old password must not overwrite one that was set while this was hashed.
    const current = await readCredential(ctx, userId);
    if (current?.password_hash !== credential?.password_hash) {
      throw new ProblemError(401, "session.required", "Your password was changed meanwhile. Sign in again.");
    }
    await refuseWeak(ctx, user, { newPassword: input.newPassword });
    await setOwnPassword(ctx, userId, hash);
    await record(ctx, { action: "password.changed", target: { kind: "user", id: userId } });
    // Whoever had to change a temporary password knows; for anybody else it is news if it was not them.
    if (!credential?.temporary) await tellOfNewPassword(ctx, userId);
    return {
      session: await startSession(ctx, { userId, ...provedIn(before) }, http),
      me: await presentMe(ctx, userId, false),
    };
  });
  await attempt.succeeded();
  http.setSession(door.tenantSlug, session.token, session.keepUntil);
  return me;
}

/** The new session has no more behind it than the old one: a password is no second factor. */
const provedIn = ({ has_factor: hasFactor, factor_at: factorAt, confirmed_at: confirmedAt }: SessionRow) =>
  hasFactor ? { factorAt, confirmedAt } : {};

/** Whoever's password is another one now is told, where their tenant wants it: it may have been somebody else. */
export async function tellOfNewPassword(ctx: Context, userId: string) {
  const { passwordNotice } = await readSettings(ctx);
  if (passwordNotice) await addMessages(ctx, [{ userId, kind: "password.changed", dueAt: "first" }]);
}

/**
 * A password somebody chose themselves: links and passwords that were mailed or wait to be mailed are worthless, and every
 * session ends. Other emails go all the same, those above all that tell of what somebody else did.
 */
export async function setOwnPassword(ctx: Context, userId: string, passwordHash: string) {
  await storePassword(ctx, userId, passwordHash);
  await withdrawMessages(ctx, [userId], { kinds: kindsWithSecrets() });
  await spendLinks(ctx, userId);
  await removeBegunOf(ctx, [userId]);
  // Whoever guessed codes knew the old one.
  await ctx.instance.throttle.forget(factorKey(ctx.tenantId, userId, "authenticator"));
  await ctx.instance.throttle.forget(linkKey(ctx.tenantId, userId));
  const sessions = await removeSessionsOf(ctx, userId);
  if (sessions === 0) return;
  await record(ctx, {
    action: "session.revoked",
    target: { kind: "user", id: userId },
    details: { sessions },
    by: userId,
  });
}

/** The rules that need to know the person and the tenant. `typed`: the password by the name of its field. */
export async function refuseWeak(ctx: Context, user: UserRow | undefined, typed: Record<string, string>) {
  const about = user && { email: user.email, firstName: user.first_name, lastName: user.last_name };
  const { passwordMinimum } = await readSettings(ctx);
  for (const [path, password] of Object.entries(typed)) {
    const problem = checkPassword(password, about ?? {}, passwordMinimum);
    if (problem) throw field("password.refused", path, problem);
  }
}

const field = (code: string, path: string, detail: string) =>
  new ProblemError(422, code, detail, { fields: { [path]: detail } });
