import type { Actor, Context } from "#server/context.ts";
import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { extendSession, readSession } from "./store.ts";

/** A session ends this long after it was last used, and 30 days after it began. */
export const sessionHours = 24;
const noteUseEveryMs = 5 * 60_000;

type Person = Extract<Actor, { kind: "user" }>;

/** Whose session a cookie's value is; undefined when it is nobody's any more. */
export async function authenticate(ctx: Context, token: string): Promise<Person | undefined> {
  const idHash = hashToken(token);
  const session = await readSession(ctx, idHash);
  if (!session) return undefined;
  if (ctx.now.getTime() - session.last_seen_at.getTime() > noteUseEveryMs) {
    await extendSession(ctx, idHash, hoursAfter(ctx.now, sessionHours));
  }
  const { user_id: id, role, must_change_password: mustChangePassword } = session;
  return { kind: "user", id, role, mustChangePassword };
}
