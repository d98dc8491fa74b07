import type { Context } from "#server/context.ts";
import { recordAll } from "../../audit/record.ts";
import { revokeLinks } from "../../credentials/links.ts";
import { discardSealedPasswords } from "../../credentials/store.ts";
import { daysAfter } from "../../credentials/validity.ts";
import { setMembershipsAside } from "../../groups/store-former.ts";
import { withdrawMessages } from "../../mail/withdraw-messages.ts";
import { readSettings } from "../../tenants/settings.ts";
import { lockForRemoval, type Removal } from "../lock-user.ts";
import { letNobodyHold } from "../store.ts";
import { writeDeleted } from "./store-deleted.ts";

/** Whom this deleted, and why the others are left as they are, by id. */
export type DeletedUsers = { deleted: string[]; refused: Removal["refused"] };

/**
 * Deletes users, one or thousands: gone from every list and signed out, their addresses free, what was not sent yet
 * withdrawn, their links dead. For the days the tenant has chosen they can be restored; then they are erased.
 */
export async function deleteUsers(ctx: Context, userIds: readonly string[]): Promise<DeletedUsers> {
  await letNobodyHold(ctx);
  const { users, refused } = await lockForRemoval(ctx, userIds);
  const deleted = users.map((user) => user.id);
  if (deleted.length === 0) return { deleted, refused };
  const { deletedDays } = await readSettings(ctx);
  await writeDeleted(ctx, deleted, daysAfter(ctx.now, deletedDays));
  const memberships = await setMembershipsAside(ctx, deleted);
  await discardSealedPasswords(ctx, deleted);
  await withdrawMessages(ctx, deleted, { everything: true });
  await revokeLinks(ctx, ["invitation", "reset", "set_password"], deleted);
  await recordAll(
    ctx,
    users.map(({ id, status }) => ({
      action: "user.deleted",
      target: { kind: "user", id },
      changes: { status: { before: status, after: "deleted" } },
      details: { memberships: memberships.get(id) ?? 0, restorableForDays: deletedDays },
    })),
  );
  return { deleted, refused };
}
