import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { factorKeys } from "../second-factors/factor-key.ts";
import { clearWrongCodes } from "../second-factors/store.ts";
import { emailKey } from "../users/email-address.ts";
import { lockUser } from "../users/lock-user.ts";

/** What tries to be somebody are counted by: signing in, asking for a reset, changing the password, and choosing one by a link. */
export const signInKey = (tenantId: string, email: string) => `${tenantId}:${emailKey(email)}`;
export const resetKey = (tenantId: string, email: string) => `reset:${tenantId}:${emailKey(email)}`;
export const changeKey = (tenantId: string, userId: string) => `${tenantId}:${userId}`;
export const linkKey = (tenantId: string, userId: string) => `link:${tenantId}:${userId}`;

type Person = { id: string; email: string };

const keysOf = (tenantId: string, { id, email }: Person) => [
  signInKey(tenantId, email),
  resetKey(tenantId, email),
  changeKey(tenantId, id),
  linkKey(tenantId, id),
  ...factorKeys(tenantId, id),
];

/** Until when somebody is locked out; undefined where they are not. */
export async function lockedUntil({ tenantId, instance }: Context, person: Person) {
  const ends = await Promise.all(keysOf(tenantId, person).map((key) => instance.throttle.blockedUntil(key)));
  return ends
    .filter((end) => end !== undefined)
    .sort((a, b) => b.getTime() - a.getTime())
    .at(0);
}

/** Lets somebody try again at once. What others tried in their name counts from nought as well. */
export async function liftLockout(ctx: Context, userId: string): Promise<void> {
  const user = await lockUser(ctx, userId);
  for (const key of keysOf(ctx.tenantId, user)) await ctx.instance.throttle.forget(key);
  await clearWrongCodes(ctx, userId);
  await record(ctx, { action: "lockout.lifted", target: { kind: "user", id: userId } });
}
