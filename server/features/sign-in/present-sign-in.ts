import type { Context } from "#server/context.ts";
import { type Credential, hasOwnPassword, readCredential } from "../credentials/store.ts";
import { mostWrongCodes } from "../second-factors/accept-factor.ts";
import { presentFactors } from "../second-factors/present-factors.ts";
import { readAuthenticator } from "../second-factors/store.ts";
import { readUser } from "../users/present-users.ts";
import type { Session, SignInFacts } from "./contract.ts";
import { lockedUntil } from "./lockout.ts";
import { type ListedSession, listSessions } from "./store.ts";

/** How a user gets in, and where they are in. `current`: the hash of the session that asks. */
export async function presentSignIn(ctx: Context, userId: string, current?: Buffer): Promise<SignInFacts> {
  const { email, role } = await readUser(ctx, userId);
  const { authenticator, passkeys, recoveryCodes, required } = await presentFactors(ctx, {
    id: userId,
    role,
  });
  const credential = await readCredential(ctx, userId);
  return {
    password: passwordState(credential, ctx.now),
    passwordExpiresAt: credential?.temporary ? (credential.expires_at?.toISOString() ?? null) : null,
    secondFactors: {
      authenticatorSetUpAt: authenticator?.setUpAt ?? null,
      passkeys: passkeys.length,
      recoveryCodesLeft: recoveryCodes?.left ?? 0,
      required,
      codesRefused: ((await readAuthenticator(ctx, userId))?.wrong_codes ?? 0) >= mostWrongCodes,
    },
    lockedUntil: (await lockedUntil(ctx, { id: userId, email }))?.toISOString() ?? null,
    sessions: await presentSessions(ctx, userId, current),
  };
}

export const presentSessions = async (ctx: Context, userId: string, current?: Buffer) =>
  (await listSessions(ctx, userId)).map((row) => present(row, current));

const present = (row: ListedSession, current: Buffer | undefined): Session => ({
  id: row.id,
  begunAt: row.created_at.toISOString(),
  usedAt: row.last_seen_at.toISOString(),
  ip: row.ip,
  userAgent: row.user_agent || null,
  current: current?.equals(row.id_hash) ?? false,
});

function passwordState(credential: Credential | undefined, now: Date): SignInFacts["password"] {
  if (!credential) return "none";
  const { temporary, expires_at: expiresAt } = credential;
  if (temporary) return expiresAt && expiresAt <= now ? "temporary_expired" : "temporary";
  return hasOwnPassword(credential) ? "own" : "none";
}
