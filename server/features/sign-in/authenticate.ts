import type { Actor, Context } from "#server/context.ts";
import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { readableSettings } from "../tenants/tenant-settings.ts";
import { sessionEnd } from "./session-end.ts";
import { extendSession, readSession } from "./store.ts";

const noteUseEveryMs = 5 * 60_000;

type Person = Extract<Actor, { kind: "user" }>;

/** Whose session a cookie's value is; undefined when it is nobody's any more. */
export async function authenticate(ctx: Context, token: string): Promise<Person | undefined> {
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
  const { user_id: id, role, must_change_password: mustChangePassword } = session;
  return { kind: "user", id, role, mustChangePassword };
}
