import type { Context } from "#server/context.ts";
import { hashToken, secretToken } from "#server/platform/crypto/secret-token.ts";
import type { Http } from "#server/route.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { writeSignIn } from "../users/store.ts";
import { sessionHours } from "./authenticate.ts";
import { insertSession } from "./store.ts";

export type StartedSession = { token: string; expiresAt: Date };

/** Signs somebody in: a new session, whatever cookie came with the request (no session fixation). */
export async function startSession(
  ctx: Context,
  userId: string,
  http: Http,
  mustChangePassword = false,
): Promise<StartedSession> {
  const token = secretToken();
  const expiresAt = hoursAfter(ctx.now, sessionHours);
  await insertSession(ctx, {
    idHash: hashToken(token),
    userId,
    mustChangePassword,
    expiresAt,
    ip: http.ip,
    userAgent: http.userAgent,
  });
  await writeSignIn(ctx, userId);
  return { token, expiresAt };
}
