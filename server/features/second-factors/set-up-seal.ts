import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";

const minutesToSetUp = 30;

type Whose = { of: "authenticator" | "passkey"; userId: string };
type Here = Pick<Context, "tenantId" | "now" | "instance">;

const contextOf = ({ tenantId }: Here, { of, userId }: Whose) => `${of} set-up:${tenantId}:${userId}`;

/** What has been begun goes to whoever began it, sealed for them, and comes back with the rest: until then nothing is kept. */
export function sealSetUp(ctx: Here, whose: Whose, value: string): string {
  const until = ctx.now.getTime() + minutesToSetUp * 60_000;
  const text = JSON.stringify({ value, until });
  return ctx.instance.secrets.seal(text, contextOf(ctx, whose)).toString("base64url");
}

export function openSetUp(ctx: Here, whose: Whose, setUp: string): string {
  const { value, until } = opened(ctx, whose, setUp) ?? { value: "", until: 0 };
  if (until > ctx.now.getTime()) return value;
  throw new ProblemError(410, "second_factor.set_up_expired", "This took too long. Begin again.");
}

function opened(ctx: Here, whose: Whose, setUp: string): { value: string; until: number } | undefined {
  try {
    const text = ctx.instance.secrets.open(Buffer.from(setUp, "base64url"), contextOf(ctx, whose));
    return JSON.parse(text.toString());
  } catch {
    // Not sealed here, or for somebody else.
    return undefined;
  }
}
