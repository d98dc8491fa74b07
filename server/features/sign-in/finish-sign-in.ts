import type { Context, Door } from "#server/context.ts";
import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { acceptFactor, refusedFactor } from "../second-factors/accept-factor.ts";
import { factorKey } from "../second-factors/factor-key.ts";
import { passkeyOptions } from "../second-factors/passkeys/passkey.ts";
import type { GivenFactor } from "../second-factors/shapes.ts";
import { waysOf } from "../second-factors/ways.ts";
import { readUserRow } from "../users/store.ts";
import { openChosen } from "./chosen-password.ts";
import { startFor } from "./let-in.ts";
import { begunCookieName } from "./session-cookie.ts";
import { setPasswordByLink } from "./set-password-by-link.ts";
import { readBegun, removeBegun, writeChallenge } from "./store-begun.ts";

/** How the sign-in that this browser has begun can be gone on with. */
export async function presentBegun(ctx: Context, http: Http) {
  const begun = await readBegun(ctx, begunOf(ctx, http));
  const ways = begun ? await waysOf(ctx, begun.user_id) : [];
  // None where the last one was removed since: then the first step is enough.
  if (!begun || ways.length === 0) throw beginAgain();
  return { ways, setsPassword: begun.sealed_hash !== null };
}

/** A new challenge for one of their passkeys: whatever signed an earlier one is of no use. */
export async function askPasskey(ctx: Context, http: Http) {
  const idHash = begunOf(ctx, http);
  const begun = await readBegun(ctx, idHash);
  if (!begun) throw beginAgain();
  const options = await passkeyOptions(ctx, begun.user_id);
  await writeChallenge(ctx, idHash, options.challenge);
  return options;
}

/**
 * The second half of signing in. What was begun is used up by it; a wrong code leaves it, and counts as a try. A password that
 * was chosen by a link takes effect now.
 */
export async function finishSignIn(door: Door, given: GivenFactor, http: Http) {
  const idHash = begunOf(door, http);
  const begun = await door.run((ctx) => readBegun(ctx, idHash));
  if (!begun) throw beginAgain();
  const { user_id: userId } = begun;
  const attempt = await door.instance.throttle({
    ip: http.ip,
    person: factorKey(door.tenantId, userId, given.way),
  });
  const started = await door.run(async (ctx) => {
    // Locked, and then looked at again: what ends all sessions must not miss the one that begins here.
    const user = await readUserRow(ctx, userId, "lock");
    const still = await readBegun(ctx, idHash);
    if (!user || !still) throw beginAgain();
    const { challenge, must_change_password: mustChangePassword } = still;
    if (!(await acceptFactor(ctx, { userId, given, challenge, isLast: attempt.isLast })))
      return void (await writeChallenge(ctx, idHash, null));
    const chosen = openChosen(ctx, idHash, still);
    if (chosen) await setPasswordByLink(ctx, user, chosen);
    await removeBegun(ctx, idHash);
    const target = { kind: "user", id: userId } as const;
    await record(ctx, { action: "sign_in.succeeded", target, details: { way: given.way }, by: userId });
    return startFor(ctx, { userId, mustChangePassword, factorAt: ctx.now }, http);
  });
  if (!started) throw refusedFactor(given);
  await attempt.succeeded();
  http.clearBegun(door.tenantSlug);
  http.setSession(door.tenantSlug, started.session.token, started.session.keepUntil);
  return started.me;
}

const begunOf = ({ tenantSlug, instance }: Pick<Door, "tenantSlug" | "instance">, http: Http) =>
  hashToken(http.cookie(begunCookieName(tenantSlug, instance.config)) ?? "");

const beginAgain = () =>
  new ProblemError(
    401,
    "sign_in.begin_again",
    "Enter your email address and password again, or open your link again: it is more than ten minutes ago, or something has changed since.",
  );
