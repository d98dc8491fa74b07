import type { Context } from "#server/context.ts";
import { stepOfCode } from "./authenticator-code.ts";
import { readAuthenticator, takeStep } from "./store.ts";

const sealed = ({ tenantId }: Context, userId: string) => `authenticator:${tenantId}:${userId}`;

/** Opens for this user of this tenant only. */
export const sealSecret = (ctx: Context, userId: string, secret: string) =>
  ctx.instance.secrets.seal(secret, sealed(ctx, userId));

/** Is it a code of this person's authenticator app that nobody has used yet? It is used now. */
export async function spendCode(ctx: Context, userId: string, code: string): Promise<boolean> {
  const authenticator = await readAuthenticator(ctx, userId);
  if (!authenticator) return false;
  const secret = ctx.instance.secrets.open(authenticator.sealed_secret, sealed(ctx, userId)).toString();
  const step = await stepOfCode(secret, code, ctx.now);
  return step !== undefined && (await takeStep(ctx, userId, step));
}
