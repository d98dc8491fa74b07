import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { hashPassword } from "../credentials/hash-password.ts";
import { linkProblems, type OpenLink, readLink } from "../credentials/links.ts";
import { readCredential } from "../credentials/store.ts";
import { readTenant } from "../tenants/store.ts";
import { readUserRow, type UserRow, writeStatus } from "../users/store.ts";
import { refuseWeak, setOwnPassword, tellOfNewPassword } from "./change-password.ts";
import type { followLink as contract } from "./contract.ts";
import { answerLetIn, letIn } from "./let-in.ts";

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
 * Uses a personal link up: sets the password, signs in, and, for an invitation, makes the user active. Whoever has a second
 * factor is asked for it all the same: a link shows only that somebody reads the mailbox.
 */
export async function followLink(
  door: Door,
  { token, password }: z.output<typeof contract.body>,
  http: Http,
) {
  // A link that is no good is refused before anything is hashed.
  await door.run(async (ctx) =>
    refuseWeak(ctx, await personOf(ctx, await readLink(ctx, token)), { password }),
  );
  const hash = await hashPassword(password);
  const result = await door.run(async (ctx) => {
    // Whoever uses, resends or revokes the link locks the person first: what the link is then stays so.
    const user = await personOf(ctx, await readLink(ctx, token), "lock");
    const link = await readLink(ctx, token);
    const isNews = await replacesPassword(ctx, link);
    await setOwnPassword(ctx, user.id, hash);
    if (isNews) await tellOfNewPassword(ctx, user.id);
    if (user.status === "invited") await writeStatus(ctx, user.id, "active");
    await record(ctx, {
      action: followed[link.purpose],
      target: { kind: "user", id: user.id },
      by: user.id,
      ...(user.status === "invited" && { changes: { status: { before: "invited", after: "active" } } }),
    });
    return letIn(ctx, { userId: user.id, mustChangePassword: false }, http);
  });
  return answerLetIn(door, result, http);
}

const followed = {
  invitation: "invitation.accepted",
  reset: "password.reset_completed",
  set_password: "password.set",
} as const;

/** May somebody have had a password until now that they chose themselves? */
async function replacesPassword(ctx: Context, { purpose, userId }: OpenLink) {
  if (purpose !== "set_password") return purpose === "reset";
  const before = await readCredential(ctx, userId);
  return before !== undefined && !before.temporary && before.password_hash !== null;
}

/** Whose link it is, unless they may not sign in. */
async function personOf(ctx: Context, { userId }: OpenLink, lock?: "lock"): Promise<UserRow> {
  const tenant = await readTenant(ctx.tx, ctx.tenantId);
  const user = await readUserRow(ctx, userId, lock);
  if (!user || user.status === "suspended" || tenant?.status !== "active") throw linkProblems.revoked();
  return user;
}
