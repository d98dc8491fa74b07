import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { recordAll } from "../audit/record.ts";
import { revokeLinks } from "../credentials/links.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { invite } from "../users/invite.ts";
import { lockUser } from "../users/lock-user.ts";
import { readUser } from "../users/present-users.ts";

/** A new link by a new email; the old link dies, and an old email that has not gone yet is withdrawn. */
export async function resendInvitation(ctx: Context, userId: string) {
  await lockInvited(ctx, userId);
  await resendInvitations(ctx, [userId]);
  return readUser(ctx, userId);
}

/** Of invited people whom this transaction has locked. */
export async function resendInvitations(ctx: Context, userIds: readonly string[]) {
  if (userIds.length === 0) return;
  await withdrawMessages(ctx, userIds);
  await invite(ctx, userIds);
  await recordAll(
    ctx,
    userIds.map((id) => ({ action: "invitation.resent", target: { kind: "user", id } })),
  );
}

/** The link becomes useless, and its email is withdrawn if it has not gone yet. The user stays, invited. */
export async function revokeInvitation(ctx: Context, userId: string) {
  await lockInvited(ctx, userId);
  await revokeInvitations(ctx, [userId]);
  return readUser(ctx, userId);
}

/** Of invited people whom this transaction has locked. */
export async function revokeInvitations(ctx: Context, userIds: readonly string[]) {
  await withdrawMessages(ctx, userIds);
  await revokeLinks(ctx, ["invitation"], userIds);
  await recordAll(
    ctx,
    userIds.map((id) => ({ action: "invitation.revoked", target: { kind: "user", id } })),
  );
}

async function lockInvited(ctx: Context, userId: string) {
  const user = await lockUser(ctx, userId);
  if (user.status !== "invited") {
    throw new ProblemError(
      409,
      "invitation.not_pending",
      "This person's invitation is not open any more: they accepted it, or are suspended.",
    );
  }
}
