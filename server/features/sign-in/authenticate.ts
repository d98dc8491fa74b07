import type { Actor, Context } from "#server/context.ts";
import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { minutesAfter } from "../credentials/validity.ts";
import { requiresSecondFactor } from "../second-factors/requires-second-factor.ts";
import { readableSettings } from "../tenants/tenant-settings.ts";
import { sessionEnd } from "./session-end.ts";
import { extendSession, readSession } from "./store.ts";

const noteUseEveryMs = 5 * 60_000;

/** For so long after signing in, or giving the password again, nobody is asked for it before something that matters. */
const confirmedMinutes = 10;

export type Session = {
  actor: Extract<Actor, { kind: "user" }>;
  mustSetUpFactor: boolean;
  recentlyConfirmed: boolean;
};

/** Whose session a cookie's value is; undefined when it is nobody's any more. */
export async function authenticate(ctx: Context, token: string): Promise<Session | undefined> {
  const idHash = hashToken(token);
  const session = await readSession(ctx, idHash);
  if (!session) return undefined;
  const settings = readableSettings(session.settings);
  const { created_at: begunAt, last_seen_at: seenAt } = session;
  // As the tenant wants it now: a shorter time also ends sessions that began under a longer one. What was used since the
  // last note of it counts as used.
  const notedUntil = new Date(seenAt.getTime() + noteUseEveryMs);
  if (sessionEnd(settings, { begunAt, usedAt: notedUntil }) <= ctx.now) return undefined;
  if (notedUntil < ctx.now) {
    await extendSession(ctx, idHash, sessionEnd(settings, { begunAt, usedAt: ctx.now }));
  }
  const { user_id: id, role, must_change_password: mustChangePassword, confirmed_at: confirmedAt } = session;
  return {
    actor: { kind: "user", id, role, mustChangePassword },
    mustSetUpFactor: requiresSecondFactor(settings, role) && !session.has_factor,
    recentlyConfirmed: confirmedAt !== null && minutesAfter(confirmedAt, confirmedMinutes) > ctx.now,
  };
}
