import type { Context } from "#server/context.ts";
import { hashToken, secretToken } from "#server/platform/crypto/secret-token.ts";
import type { Http } from "#server/route.ts";
import { daysAfter } from "../credentials/validity.ts";
import { readSettings } from "../tenants/settings.ts";
import { writeSignIn } from "../users/store.ts";
import { noticeBrowser } from "./notice-browser.ts";
import { sessionEnd } from "./session-end.ts";
import { insertSession } from "./store.ts";

/** `keepUntil`: how long a browser keeps it; when it ends is known here, each time it is used. */
export type StartedSession = { token: string; keepUntil: Date };

type NewSession = {
  userId: string;
  mustChangePassword?: boolean;
  /** When a second factor was given; it is null where there is none. */
  factorAt?: Date | null;
  /** When they last proved that it is them, where that is not now. */
  confirmedAt?: Date | null;
};

/** Signs somebody in: a new session, whatever cookie came with the request (no session fixation). */
export async function startSession(
  ctx: Context,
  { userId, mustChangePassword = false, ...proved }: NewSession,
  http: Http,
): Promise<StartedSession> {
  const token = secretToken();
  const settings = await readSettings(ctx);
  await insertSession(ctx, {
    idHash: hashToken(token),
    userId,
    mustChangePassword,
    ...proved,
    expiresAt: sessionEnd(settings, { begunAt: ctx.now, usedAt: ctx.now }),
    ip: http.ip,
    userAgent: http.userAgent,
  });
  await writeSignIn(ctx, userId);
  await noticeBrowser(ctx, userId, http);
  return { token, keepUntil: daysAfter(ctx.now, settings.sessionDays) };
}
