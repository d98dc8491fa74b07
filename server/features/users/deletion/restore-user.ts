import type { Context } from "#server/context.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../../audit/record.ts";
import { giveMembershipsBack } from "../../groups/store-former.ts";
import { requireRoomFor } from "../../tenants/limits.ts";
import { emailTaken } from "../add-user.ts";
import { wakeIndexing } from "../index-users.ts";
import { requireManageable } from "../lock-user.ts";
import { readUser } from "../present-users.ts";
import { findUserByEmail } from "../store.ts";
import { countUserRows } from "../store-counts.ts";
import { lockDeleted, writeRestored } from "./store-deleted.ts";

/**
 * Brings a deleted user back as they were: name, role, status, password, and the groups there still are. What was ended when
 * they were deleted stays ended: sessions, links, emails not sent yet.
 */
export async function restoreUser(ctx: Context, userId: string) {
  const user = await lockDeleted(ctx, userId);
  if (!user) throw notFound("deleted user");
  requireManageable(ctx, user);
  await requireRoomFor(ctx, 1, async () => (await countUserRows(ctx, {})).all);
  const holder = await findUserByEmail(ctx, user.email);
  if (holder) throw addressTaken(user.email, `${holder.first_name} ${holder.last_name}`);
  await writeRestored(ctx, userId).catch((error: unknown) => {
    throw violatedConstraint(error) === "users_email_key" ? emailTaken(user.email) : error;
  });
  await wakeIndexing(ctx);
  const memberships = await giveMembershipsBack(ctx, [userId]);
  await record(ctx, {
    action: "user.restored",
    target: { kind: "user", id: userId },
    changes: { status: { before: "deleted", after: user.status } },
    details: { memberships },
  });
  return readUser(ctx, userId);
}

const addressTaken = (email: string, holder: string) =>
  new ProblemError(
    409,
    "user.address_taken",
    `${email} now belongs to ${holder}. Give that user another address first, then restore this one.`,
  );
