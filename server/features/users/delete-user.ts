import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { revokeLinks } from "../credentials/links.ts";
import { discardSealedPasswords } from "../credentials/store.ts";
import { removeAllMemberships } from "../groups/store.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { lockUserForRemoval } from "./lock-user.ts";
import { writeDeleted } from "./store.ts";

/** Gone from every list and signed out; the address is free at once, and what was not sent yet is withdrawn. */
export async function deleteUser(ctx: Context, userId: string): Promise<void> {
  const user = await lockUserForRemoval(ctx, userId);
  await writeDeleted(ctx, userId);
  const memberships = await removeAllMemberships(ctx, userId);
  await discardSealedPasswords(ctx, [userId]);
  await withdrawMessages(ctx, [userId]);
  await revokeLinks(ctx, ["invitation", "reset", "set_password"], [userId]);
  await record(ctx, {
    action: "user.deleted",
    target: { kind: "user", id: userId },
    changes: { status: { before: user.status, after: "deleted" } },
    details: { memberships },
  });
}
