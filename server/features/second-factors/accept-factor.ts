import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { addMessages } from "../mail/add-messages.ts";
import { spendCode } from "./authenticator.ts";
import { acceptPasskey } from "./passkeys/passkey.ts";
import { spendRecoveryCode } from "./recovery-codes.ts";
import type { GivenFactor } from "./shapes.ts";
import { clearWrongCodes, countWrongCode, readAuthenticator } from "./store.ts";

/** At the third their owner is told; a person who mistypes is in by then, and whoever guesses goes on. */
const toldAt = 3;

/** So many wrong ones without a right second factor in between, over however many days, and no more are taken. */
export const mostWrongCodes = 30;

type Attempt = {
  userId: string;
  given: GivenFactor;
  /** What a passkey was asked to sign; null: nothing. */
  challenge: string | null;
  /** The next one is refused, whoever makes it. */
  isLast: boolean;
};

/** Is it a second factor of this person, whom the caller has locked? A wrong one is recorded, counted and told. */
export async function acceptFactor(ctx: Context, attempt: Attempt): Promise<boolean> {
  const { userId, given, isLast } = attempt;
  if (await fits(ctx, attempt)) {
    await clearWrongCodes(ctx, userId);
    return true;
  }
  const target = { kind: "user", id: userId } as const;
  await record(ctx, { action: "second_factor.refused", target, details: { way: given.way } });
  const wrong = given.way === "authenticator" ? await countWrongCode(ctx, userId) : 0;
  // Whoever tries so often knows the password, or reads the email that links go to.
  if (wrong === toldAt) await tell(ctx, userId, "second_factor.wrong_codes");
  if (isLast || wrong === mostWrongCodes) await tell(ctx, userId, "second_factor.locked_out");
  return false;
}

const tell = (ctx: Context, userId: string, kind: string) =>
  addMessages(ctx, [{ userId, kind, dueAt: "first" }]);

async function fits(ctx: Context, { userId, given, challenge }: Attempt) {
  if (given.way === "recovery_code") return spendRecoveryCode(ctx, userId, given.code);
  if (given.way === "passkey")
    return challenge !== null && acceptPasskey(ctx, userId, { challenge, answer: given.passkey });
  if (((await readAuthenticator(ctx, userId))?.wrong_codes ?? 0) >= mostWrongCodes) throw codesRefused();
  return spendCode(ctx, userId, given.code);
}

const codesRefused = () =>
  new ProblemError(
    409,
    "second_factor.codes_refused",
    "So many wrong codes were given that those of your authenticator app are not taken any more. Use a passkey or a recovery code, or ask an administrator to lift the lockout.",
  );

const words = {
  passkey: "This passkey does not fit, or it took too long. Try it again, or another way.",
  authenticator:
    "This code does not fit, or was used already. Wait until your authenticator app shows the next one, and enter that.",
  recovery_code: "This is none of your recovery codes, or it was used already. Each works once.",
};

/** The answer to one that was not accepted. */
export const refusedFactor = ({ way }: GivenFactor) =>
  new ProblemError(422, "second_factor.refused", words[way], {
    ...(way !== "passkey" && { fields: { code: words[way] } }),
  });
