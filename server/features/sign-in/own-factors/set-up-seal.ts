import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";

const minutesToSetUp = 30;

/** `session`: the hash of that in which it was begun. */
type Whose = { of: "authenticator" | "passkey"; userId: string; session: Buffer };
type Here = Pick<Context, "tenantId" | "now" | "instance">;

export type SetUp = { value: string; begunAt: number };

const contextOf = ({ tenantId }: Here, { of, userId, session }: Whose) =>
  `${of} set-up:${tenantId}:${userId}:${session.toString("hex")}`;

/**
 * What has been begun goes to whoever began it, sealed for them and their session, and comes back with the rest: until then
 * nothing is kept.
 */
export function sealSetUp(ctx: Here, whose: Whose, value: string): string {
  const text = JSON.stringify({ value, begunAt: ctx.now.getTime() } satisfies SetUp);
  return ctx.instance.secrets.seal(text, contextOf(ctx, whose)).toString("base64url");
}

export function openSetUp(ctx: Here, whose: Whose, setUp: string): SetUp {
  const opened = openSeal(ctx, whose, setUp);
  if (!opened || opened.begunAt + minutesToSetUp * 60_000 <= ctx.now.getTime()) throw setUpExpired();
  return opened;
}

/** Once something has been set up in a session, what was begun before is of no use in it: each is good for one. */
export function requireNothingSince({ begunAt }: SetUp, factorAt: Date | null) {
  if (factorAt && factorAt.getTime() >= begunAt) throw setUpExpired();
}

const setUpExpired = () =>
  new ProblemError(
    410,
    "second_factor.set_up_expired",
    "This took too long, or was used already. Begin again.",
  );

function openSeal(ctx: Here, whose: Whose, setUp: string): SetUp | undefined {
  try {
    const text = ctx.instance.secrets.open(Buffer.from(setUp, "base64url"), contextOf(ctx, whose));
    return JSON.parse(text.toString());
  } catch {
    // Not sealed here, or for somebody else.
    return undefined;
  }
}
