import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import type { LinkPurpose } from "../credentials/link-token.ts";
import { readCredential } from "../credentials/store.ts";
import { type UserRow, writeStatus } from "../users/store.ts";
import { setOwnPassword, tellOfNewPassword } from "./change-password.ts";

/**
 * The password that somebody, whom this transaction has locked, has chosen by an open link takes effect: the link is used up,
 * and an invitation accepted.
 */
export async function setPasswordByLink(
  ctx: Context,
  user: UserRow,
  { purpose, hash }: { purpose: LinkPurpose; hash: string },
): Promise<void> {
  const isNews = await replacesPassword(ctx, user.id, purpose);
  await setOwnPassword(ctx, user.id, hash);
  if (isNews) await tellOfNewPassword(ctx, user.id);
  if (user.status === "invited") await writeStatus(ctx, user.id, "active");
  await record(ctx, {
    action: followed[purpose],
    target: { kind: "user", id: user.id },
    by: user.id,
    ...(user.status === "invited" && { changes: { status: { before: "invited", after: "active" } } }),
  });
}

const followed = {
  invitation: "invitation.accepted",
  reset: "password.reset_completed",
  set_password: "password.set",
} as const;

/** May somebody have had a password until now that they chose themselves? */
async function replacesPassword(ctx: Context, userId: string, purpose: LinkPurpose) {
  if (purpose !== "set_password") return purpose === "reset";
  const before = await readCredential(ctx, userId);
  return before !== undefined && !before.temporary && before.password_hash !== null;
}
