import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { lockUser } from "../users/lock-user.ts";
import { removeOtherSessions, removeSessionNamed, removeSessionsOf } from "./store.ts";
import { removeBegunOf } from "./store-begun.ts";

/** Signs a user out on one device, or everywhere. */
export async function endSessionsOf(ctx: Context, userId: string, sessionId?: string): Promise<void> {
  await lockUser(ctx, userId);
  if (sessionId !== undefined) return endOne(ctx, userId, sessionId);
  await removeBegunOf(ctx, [userId]);
  await note(ctx, userId, await removeSessionsOf(ctx, userId));
}

export async function endOne(ctx: Context, userId: string, sessionId: string): Promise<void> {
  const ended = await removeSessionNamed(ctx, userId, sessionId);
  if (ended === 0) throw notFound("session");
  await note(ctx, userId, ended);
}

/** Of a person the caller has locked: all but the session that asks, by its hash, and what was begun and not finished. */
export async function endOthers(ctx: Context, userId: string, keep: Buffer): Promise<void> {
  await removeBegunOf(ctx, [userId]);
  await note(ctx, userId, await removeOtherSessions(ctx, userId, keep));
}

async function note(ctx: Context, userId: string, sessions: number): Promise<void> {
  if (sessions === 0) return;
  await record(ctx, {
    action: "session.revoked",
    target: { kind: "user", id: userId },
    details: { sessions },
  });
}
