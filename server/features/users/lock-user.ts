import type { Context } from "#server/context.ts";
import { mayManage, roleNames } from "#server/permissions.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { lockOwners, readUserRow, type UserRow } from "./store.ts";

/** Locks a user for a change and checks that the actor may change people of that role at all. */
export async function lockUser(ctx: Context, userId: string): Promise<UserRow> {
  const user = await readUserRow(ctx, userId, "lock");
  if (!user) throw notFound("user");
  requireManageable(ctx, user);
  return user;
}

/** Nobody changes people above them; everybody may change themselves as far as their permissions go. */
export function requireManageable({ actor }: Context, { id, role }: Pick<UserRow, "id" | "role">) {
  if (actor.kind !== "user" || actor.id === id || mayManage(actor.role, role)) return;
  throw new ProblemError(
    403,
    "user.not_yours_to_change",
    `Somebody with the role ${roleNames[role]} may not be changed by you: they may do more than you may.`,
  );
}

/** For what takes somebody's access away: not oneself, and not the last owner. */
export async function lockUserForRemoval(ctx: Context, userId: string): Promise<UserRow> {
  if (ctx.actor.kind === "user" && ctx.actor.id === userId) {
    throw new ProblemError(
      409,
      "user.yourself",
      "You cannot suspend or delete yourself. Ask another administrator.",
    );
  }
  // The owners are locked first, in one order everywhere, so that two such changes wait instead of deadlocking.
  const owners = await lockOwners(ctx);
  const user = await lockUser(ctx, userId);
  if (user.role === "owner") requireAnotherOwner(owners, userId);
  return user;
}

export function requireAnotherOwner(owners: readonly string[], userId: string) {
  if (owners.some((id) => id !== userId)) return;
  throw new ProblemError(
    409,
    "user.last_owner",
    "This is the last owner. Make somebody else an owner first.",
    {
      fields: { role: "This is the last owner. Make somebody else an owner first." },
    },
  );
}
