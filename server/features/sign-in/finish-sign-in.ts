import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { addMessages } from "../mail/add-messages.ts";
import { spendCode } from "../second-factors/authenticator.ts";
import { factorKey } from "../second-factors/factor-key.ts";
import { acceptPasskey, passkeyOptions } from "../second-factors/passkeys/passkey.ts";
import { spendRecoveryCode } from "../second-factors/recovery-codes.ts";
import { waysOf } from "../second-factors/ways.ts";
import { readUserRow } from "../users/store.ts";
import type { finishSignIn as contract } from "./contract.ts";
import { startFor } from "./let-in.ts";
import { begunCookieName } from "./session-cookie.ts";
import { type BegunSignIn, readBegun, removeBegun, writeChallenge } from "./store-begun.ts";

/** How the sign-in that this browser has begun can be gone on with. */
export async function presentBegun(ctx: Context, http: Http) {
  const begun = await readBegun(ctx, begunOf(ctx, http));
  if (!begun) throw beginAgain();
  return { ways: await waysOf(ctx, begun.user_id) };
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

type Given = z.output<typeof contract.body>;

/** The second half of signing in. What was begun is used up by it; a wrong code leaves it, and counts as a try. */
export async function finishSignIn(door: Door, given: Given, http: Http) {
  const idHash = begunOf(door, http);
  const begun = await door.run((ctx) => readBegun(ctx, idHash));
  if (!begun) throw beginAgain();
  const { user_id: userId } = begun;
  const attempt = await door.instance.throttle({ ip: http.ip, person: factorKey(door.tenantId, userId) });
  const started = await door.run(async (ctx) => {
    // Locked, and then looked at again: what ends all sessions must not miss the one that begins here.
    await readUserRow(ctx, userId, "lock");
    const still = await readBegun(ctx, idHash);
    if (!still) throw beginAgain();
    const target = { kind: "user", id: userId } as const;
    const details = { way: given.way };
    if (!(await fits(ctx, still, given))) {
      await writeChallenge(ctx, idHash, null);
      await record(ctx, { action: "second_factor.refused", target, details });
      // Whoever tries so often knows the password.
      if (attempt.isLast)
        await addMessages(ctx, [{ userId, kind: "second_factor.locked_out", dueAt: "first" }]);
      return undefined;
    }
    await removeBegun(ctx, idHash);
    await record(ctx, { action: "sign_in.succeeded", target, details, by: userId });
    return startFor(ctx, { userId, mustChangePassword: begun.must_change_password }, http);
  });
  if (!started) throw refused(given);
  await attempt.succeeded();
  http.clearBegun(door.tenantSlug);
  http.setSession(door.tenantSlug, started.session.token, started.session.keepUntil);
  return started.me;
}

const begunOf = ({ tenantSlug, instance }: Pick<Door, "tenantSlug" | "instance">, http: Http) =>
  hashToken(http.cookie(begunCookieName(tenantSlug, instance.config)) ?? "");

function fits(ctx: Context, { user_id: userId, challenge }: BegunSignIn, given: Given) {
  if (given.way === "authenticator") return spendCode(ctx, userId, given.code);
  if (given.way === "recovery_code") return spendRecoveryCode(ctx, userId, given.code);
  return challenge !== null && acceptPasskey(ctx, userId, { challenge, answer: given.passkey });
}

const beginAgain = () =>
  new ProblemError(
    401,
    "sign_in.begin_again",
    "Enter your email address and password again: it is more than ten minutes ago, or something has changed since.",
  );

const words = {
  passkey: "This passkey does not fit, or it took too long. Try it again, or another way.",
  authenticator:
    "This code does not fit, or was used already. Wait until your authenticator app shows the next one, and enter that.",
  recovery_code: "This is none of your recovery codes, or it was used already. Each works once.",
};

const refused = ({ way }: Given) =>
  new ProblemError(422, "second_factor.refused", words[way], {
    ...(way !== "passkey" && { fields: { code: words[way] } }),
  });
