import type { Door } from "#server/context.ts";
import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { verifyPassword } from "../credentials/hash-password.ts";
import { readCredential } from "../credentials/store.ts";
import { changeKey } from "./lockout.ts";
import { cookieName } from "./session-cookie.ts";
import { confirmSession } from "./store.ts";

/** Whoever is signed in gives their password again, before something that a borrowed session must not be enough for. */
export async function confirmPassword(door: Door, password: string, http: Http): Promise<void> {
  if (door.actor.kind !== "user")
    throw new Error("Only somebody who is signed in has a password to confirm.");
  const userId = door.actor.id;
  const attempt = await door.instance.throttle({ ip: http.ip, person: changeKey(door.tenantId, userId) });
  const credential = await door.run((ctx) => readCredential(ctx, userId));
  if (!(await verifyPassword(credential?.password_hash, password))) {
    const detail = "This is not your current password.";
    throw new ProblemError(422, "password.wrong", detail, { fields: { password: detail } });
  }
  const token = http.cookie(cookieName(door.tenantSlug, door.instance.config)) ?? "";
  await door.run(async (ctx) => {
    await confirmSession(ctx, hashToken(token));
    await record(ctx, { action: "session.confirmed", target: { kind: "user", id: userId } });
  });
  await attempt.succeeded();
}
