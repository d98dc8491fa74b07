import type { Context, Door } from "#server/context.ts";
import { hashToken, secretToken } from "#server/platform/crypto/secret-token.ts";
import type { Http } from "#server/route.ts";
import { minutesAfter } from "../credentials/validity.ts";
import type { Way } from "../second-factors/shapes.ts";
import { waysOf } from "../second-factors/ways.ts";
import { type ChosenPassword, sealChosen } from "./chosen-password.ts";
import type { Me, SignedIn } from "./contract.ts";
import { presentMe } from "./present-me.ts";
import { type StartedSession, startSession } from "./start-session.ts";
import { insertBegun, keepNewestBegun } from "./store-begun.ts";

/** So long there is to give the second factor. */
const begunMinutes = 10;

type Whom = { userId: string; mustChangePassword: boolean };

/** Each needs the password or a link, which lets nobody have more of them begun than somebody may have browsers at hand. */
const mostBegun = 5;

type Begun = Extract<SignedIn, { secondFactor: unknown }> & { token: string };
export type LetIn = { session: StartedSession; me: Me } | { begun: Begun };

/** Somebody has shown who they are by their password: they are in, or asked for their second factor if they have one. */
export async function letIn(ctx: Context, whom: Whom, http: Http): Promise<LetIn> {
  const ways = await waysOf(ctx, whom.userId);
  return ways.length === 0 ? startFor(ctx, whom, http) : beginSignIn(ctx, { ...whom, ways });
}

type Beginning = Whom & { ways: Way[]; chosen?: ChosenPassword };

/** The first half of signing in, of somebody who is asked for a second factor by one of these ways. */
export async function beginSignIn(ctx: Context, { ways, chosen, ...whom }: Beginning): Promise<LetIn> {
  const token = secretToken();
  const idHash = hashToken(token);
  const expiresAt = minutesAfter(ctx.now, begunMinutes);
  const sealed = chosen && sealChosen(ctx, { userId: whom.userId, idHash }, chosen);
  await insertBegun(ctx, { ...whom, idHash, expiresAt, chosen: sealed });
  await keepNewestBegun(ctx, whom.userId, mostBegun);
  return { begun: { secondFactor: { ways, setsPassword: chosen !== undefined }, token } };
}

export const startFor = async (ctx: Context, whom: Whom & { factorAt?: Date }, http: Http) => ({
  session: await startSession(ctx, whom, http),
  me: await presentMe(ctx, whom.userId, whom.mustChangePassword),
});

/** Once that is committed: what the browser keeps, and what it is told. */
export function answerLetIn({ tenantSlug }: Door, result: LetIn, http: Http): SignedIn {
  if ("begun" in result) {
    const { token, secondFactor } = result.begun;
    http.keepBegun(tenantSlug, token, begunMinutes * 60);
    return { secondFactor };
  }
  http.setSession(tenantSlug, result.session.token, result.session.keepUntil);
  return result.me;
}
