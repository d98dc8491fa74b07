import type { Context, Door } from "#server/context.ts";
import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { readUserRow, type UserRow } from "../users/store.ts";
import { cookieName } from "./session-cookie.ts";
import { readSession, type SessionRow } from "./store.ts";

/** The hash of the session a request came with. */
export const currentSession = (
  { tenantSlug, instance }: Pick<Door, "tenantSlug" | "instance">,
  http: Http,
): Buffer => hashToken(http.cookie(cookieName(tenantSlug, instance.config)) ?? "");

export function ownId({ actor }: Pick<Door, "actor">): string {
  if (actor.kind !== "user") throw new Error("Nobody is signed in.");
  return actor.id;
}

export type HeldSession = { user: UserRow; idHash: Buffer; session: SessionRow };

/**
 * Whoever asks, locked until the transaction ends, and the session they ask by, looked at again: it may have been ended while
 * the request was under way, and whatever ends sessions locks their person first.
 */
export async function holdSession(ctx: Context, http: Http): Promise<HeldSession> {
  const user = await readUserRow(ctx, ownId(ctx), "lock");
  const idHash = currentSession(ctx, http);
  const session = await readSession(ctx, idHash);
  if (user && session?.user_id === user.id) return { user, idHash, session };
  throw new ProblemError(401, "session.required", "You were signed out meanwhile. Sign in again.");
}
