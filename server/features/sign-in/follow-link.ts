import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { hashPassword } from "../credentials/hash-password.ts";
import { linkProblems, type OpenLink, readLink } from "../credentials/links.ts";
import { whetherHasFactor } from "../second-factors/store.ts";
import { waysOf } from "../second-factors/ways.ts";
import { readTenant } from "../tenants/store.ts";
import { readUserRow, type UserRow } from "../users/store.ts";
import { refuseWeak } from "./change-password.ts";
import type { followLink as contract } from "./contract.ts";
import { answerLetIn, beginSignIn, startFor } from "./let-in.ts";
import { linkKey } from "./lockout.ts";
import { setPasswordByLink } from "./set-password-by-link.ts";

/** Looks at a personal link; nothing is used up, however often a mail scanner opens it. */
export async function checkLink(ctx: Context, token: string) {
  const link = await readLink(ctx, token);
  const user = await personOf(ctx, link);
  return {
    purpose: link.purpose,
    email: user.email,
    firstName: user.first_name,
    lastName: user.last_name,
    expiresAt: link.expiresAt.toISOString(),
  };
}

/**
 * Uses a personal link up: sets the password, signs in, and, for an invitation, makes the user active. Where somebody has a
 * second factor none of that happens before they have given it, in this browser and within ten minutes: a link shows only
 * that somebody reads the mailbox, which must neither let them in nor keep its owner out.
 */
export async function followLink(
  door: Door,
  { token, password }: z.output<typeof contract.body>,
  http: Http,
) {
  // A link that is no good is refused before anything is hashed.
  const { userId, asksMore } = await door.run((ctx) => look(ctx, token, password));
  // It stays good until the second factor was given, and each time something is hashed.
  if (asksMore) await door.instance.throttle({ ip: http.ip, person: linkKey(door.tenantId, userId) });
  const hash = await hashPassword(password);
  const result = await door.run(async (ctx) => {
    // Whoever uses, resends or revokes the link locks the person first: what the link is then stays so.
    const user = await personOf(ctx, await readLink(ctx, token), "lock");
    const { purpose, generation } = await readLink(ctx, token);
    const whom = { userId: user.id, mustChangePassword: false };
    const ways = await waysOf(ctx, user.id);
    if (ways.length > 0) {
      const details = { byLink: true };
      const target = { kind: "user", id: user.id } as const;
      await record(ctx, { action: "sign_in.begun", target, details, by: user.id });
      return beginSignIn(ctx, { ...whom, ways, chosen: { hash, link: { purpose, generation } } });
    }
    await setPasswordByLink(ctx, user, { purpose, hash });
    return startFor(ctx, whom, http);
  });
  return answerLetIn(door, result, http);
}

async function look(ctx: Context, token: string, password: string) {
  const user = await personOf(ctx, await readLink(ctx, token));
  await refuseWeak(ctx, user, { password });
  return { userId: user.id, asksMore: await whetherHasFactor(ctx, user.id) };
}

/** Whose link it is, unless they may not sign in. */
async function personOf(ctx: Context, { userId }: OpenLink, lock?: "lock"): Promise<UserRow> {
  const tenant = await readTenant(ctx.tx, ctx.tenantId);
  const user = await readUserRow(ctx, userId, lock);
  if (!user || user.status === "suspended" || tenant?.status !== "active") throw linkProblems.revoked();
  return user;
}
