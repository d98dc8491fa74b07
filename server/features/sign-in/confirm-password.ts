import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { verifyPassword } from "../credentials/hash-password.ts";
import { readCredential } from "../credentials/store.ts";
import { acceptFactor, refusedFactor } from "../second-factors/accept-factor.ts";
import { factorKey } from "../second-factors/factor-key.ts";
import { passkeyOptions } from "../second-factors/passkeys/passkey.ts";
import type { GivenFactor } from "../second-factors/shapes.ts";
import { type confirmPassword as contract, factorNeeded } from "./contract.ts";
import { changeKey } from "./lockout.ts";
import { holdSession, ownId } from "./own-session.ts";
import { confirmSession, writeSessionChallenge } from "./store.ts";

type Given = z.output<typeof contract.body>;

/**
 * Whoever is signed in shows again that it is them, before something that a borrowed session must not be enough for: by all
 * that signing in asks of them. Otherwise a session and a password would take a second factor away that nobody has shown.
 */
export async function confirmPassword(door: Door, { password, secondFactor }: Given, http: Http) {
  await checkPassword(door, password, http);
  const userId = ownId(door);
  const attempt = secondFactor && (await throttled(door, secondFactor, http));
  const refused = await door.run(async (ctx) => {
    const { idHash, session } = await holdSession(ctx, http);
    if (session.has_factor) {
      if (!secondFactor || !attempt) throw needed();
      const { challenge } = session;
      const given = { userId, given: secondFactor, challenge, isLast: attempt.isLast };
      if (!(await acceptFactor(ctx, given))) {
        await writeSessionChallenge(ctx, idHash, null);
        return secondFactor;
      }
    }
    await confirmSession(ctx, idHash);
    await record(ctx, { action: "session.confirmed", target: { kind: "user", id: userId } });
    return undefined;
  });
  if (refused) throw refusedFactor(refused);
  await attempt?.succeeded();
}

const throttled = (door: Door, { way }: GivenFactor, { ip }: Http) =>
  door.instance.throttle({ ip, person: factorKey(door.tenantId, ownId(door), way) });

/** A new challenge for one of one's own passkeys: whatever signed an earlier one is of no use. */
export async function askOwnPasskey(ctx: Context, http: Http) {
  const { user, idHash } = await holdSession(ctx, http);
  const options = await passkeyOptions(ctx, user.id);
  await writeSessionChallenge(ctx, idHash, options.challenge);
  return options;
}

async function checkPassword(door: Door, password: string, http: Http) {
  const userId = ownId(door);
  const attempt = await door.instance.throttle({ ip: http.ip, person: changeKey(door.tenantId, userId) });
  const credential = await door.run((ctx) => readCredential(ctx, userId));
  if (!(await verifyPassword(credential?.password_hash, password))) {
    const detail = "This is not your current password.";
    throw new ProblemError(422, "password.wrong", detail, { fields: { password: detail } });
  }
  await attempt.succeeded();
}

const needed = () =>
  new ProblemError(409, factorNeeded, "Your password is right. Give your second factor with it as well.");
