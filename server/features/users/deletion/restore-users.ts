import type { Context } from "#server/context.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { recordAll } from "../../audit/record.ts";
import { giveMembershipsBack } from "../../groups/store-former.ts";
import { readRoom } from "../../tenants/limits.ts";
import { emailKey } from "../email-address.ts";
import { wakeIndexing } from "../index-users.ts";
import { whyNotManageable } from "../lock-user.ts";
import { findUsersByEmail, type UserRow } from "../store.ts";
import { countUserRows } from "../store-counts.ts";
import { type DeletedRow, lockDeleted, writeRestored } from "./store-deleted.ts";

/** Whom this brought back, and why the others stay as they are, by id. */
export type RestoredUsers = { restored: string[]; refused: ReadonlyMap<string, ProblemError> };

/** Somebody else took one of the addresses at that very moment. */
export const addressJustTaken = (error: unknown) => violatedConstraint(error) === "users_email_key";

/**
 * Brings deleted users back as they were, one or thousands: name, role, status, password, and the groups there still are.
 * What was ended when they were deleted stays ended: sessions, links, emails not sent yet. Throws `addressJustTaken`.
 */
export async function restoreUsers(ctx: Context, userIds: readonly string[]): Promise<RestoredUsers> {
  const { users, refused } = await lockForRestoring(ctx, userIds);
  const restored = users.map(({ id }) => id);
  if (restored.length === 0) return { restored, refused };
  await writeRestored(ctx, restored);
  await wakeIndexing(ctx);
  const memberships = await giveMembershipsBack(ctx, restored);
  await recordAll(
    ctx,
    users.map(({ id, status }) => ({
      action: "user.restored",
      target: { kind: "user", id },
      changes: { status: { before: "deleted", after: status } },
      details: { memberships: memberships.get(id) ?? 0 },
    })),
  );
  return { restored, refused };
}

type Holder = Pick<UserRow, "first_name" | "last_name">;

/** Nobody above the actor, nobody whose address is somebody else's by now, and as many as the tenant has room for. */
async function lockForRestoring(ctx: Context, userIds: readonly string[]) {
  const there = new Map((await lockDeleted(ctx, userIds)).map((user) => [user.id, user]));
  const holders = await holdersOf(ctx, [...there.values()]);
  const { left, full } = await readRoom(ctx, async () => (await countUserRows(ctx, {})).all);
  const users: DeletedRow[] = [];
  const refused = new Map<string, ProblemError>();
  for (const id of new Set(userIds)) {
    const user = there.get(id);
    const refusal = user
      ? (whyNotManageable(ctx, user) ??
        addressTaken(user, holders.get(emailKey(user.email))) ??
        (users.length < left ? undefined : full(1)))
      : notFound("deleted user");
    if (refusal) refused.set(id, refusal);
    else if (user) {
      users.push(user);
      holders.set(emailKey(user.email), user);
    }
  }
  return { users, refused };
}

async function holdersOf(ctx: Context, users: readonly DeletedRow[]): Promise<Map<string, Holder>> {
  const found = await findUsersByEmail(
    ctx,
    users.map(({ email }) => emailKey(email)),
  );
  return new Map(found.map((holder) => [holder.email_key, holder]));
}

const addressTaken = ({ email }: DeletedRow, holder: Holder | undefined) =>
  holder &&
  new ProblemError(
    409,
    "user.address_taken",
    `${email} now belongs to ${holder.first_name} ${holder.last_name}. Give that user another address first, then restore this one.`,
  );
