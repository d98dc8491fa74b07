import type { Context } from "#server/context.ts";
import { mayManage, type Role, roleNames } from "#server/permissions.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { lockOwners, lockUserRows, readUserRow, type UserRow } from "./store.ts";

/** Locks a user for a change and checks that the actor may change people of that role at all. */
export async function lockUser(ctx: Context, userId: string): Promise<UserRow> {
  const user = await readUserRow(ctx, userId, "lock");
  if (!user) throw notFound("user");
  requireManageable(ctx, user);
  return user;
}

/**
 * On behalf of the actor as they are now, locked until the transaction ends: whoever has lost their role since the request
 * came gives it to nobody. `others` are locked with them, in one order everywhere.
 */
export async function actingNow(ctx: Context, others: readonly string[] = []): Promise<Context> {
  const { actor } = ctx;
  if (actor.kind !== "user") return ctx;
  const self = (await lockUserRows(ctx, [actor.id, ...others])).find(({ id }) => id === actor.id);
  if (self?.status !== "active") throw notAnyMore();
  return { ...ctx, actor: { ...actor, role: self.role } };
}

const notAnyMore = () =>
  new ProblemError(
    403,
    "permission.missing",
    "You may not do this any more: somebody has changed your access.",
  );

type Target = Pick<UserRow, "id" | "role">;

/** Nobody changes people above them; everybody may change themselves as far as their permissions go. */
export const whyNotManageable = ({ actor }: Context, { id, role }: Target): ProblemError | undefined =>
  actor.kind !== "user" || actor.id === id || mayManage(actor.role, role) ? undefined : notYours(role);

export function requireManageable(ctx: Context, user: Target) {
  const refusal = whyNotManageable(ctx, user);
  if (refusal) throw refusal;
}

export type Removal = {
  /** Locked, and nothing stands in the way. */
  users: UserRow[];
  /** Why the others stay as they are, by id. */
  refused: Map<string, ProblemError>;
};

/**
 * Locks users whose access is to be taken away: nobody who may do more than the actor, not the actor, and never the last
 * owner who can act, however many are named.
 */
export async function lockForRemoval(ctx: Context, userIds: readonly string[]): Promise<Removal> {
  // The owners are locked first, in one order everywhere, so that two such changes wait instead of deadlocking.
  const owners = new Set(await lockOwners(ctx));
  const there = new Map((await lockUserRows(ctx, userIds)).map((user) => [user.id, user]));
  const removal: Removal = { users: [], refused: new Map() };
  for (const id of new Set(userIds)) {
    const user = there.get(id);
    const refusal = user ? whyStays(ctx, user, owners) : notFound("user");
    if (!user || refusal) {
      if (refusal) removal.refused.set(id, refusal);
      continue;
    }
    removal.users.push(user);
    owners.delete(id);
  }
  return removal;
}

function whyStays({ actor }: Context, user: UserRow, owners: ReadonlySet<string>): ProblemError | undefined {
  if (actor.kind === "user" && actor.id === user.id) return yourself();
  if (actor.kind === "user" && !mayManage(actor.role, user.role)) return notYours(user.role);
  const others = owners.size - (owners.has(user.id) ? 1 : 0);
  return user.role === "owner" && others === 0 ? lastOwner() : undefined;
}

/** For what takes somebody's access away: not oneself, and not the last owner. */
export async function lockUserForRemoval(ctx: Context, userId: string): Promise<UserRow> {
  const { users, refused } = await lockForRemoval(ctx, [userId]);
  const refusal = refused.get(userId);
  if (refusal) throw refusal;
  const [user] = users;
  if (!user) throw notFound("user");
  return user;
}

export function requireAnotherOwner(owners: readonly string[], userId: string) {
  if (!owners.some((id) => id !== userId)) throw lastOwner();
}

const notYours = (role: Role) =>
  new ProblemError(
    403,
    "user.not_yours_to_change",
    `Somebody with the role ${roleNames[role]} may not be changed by you: they may do more than you may.`,
  );

const yourself = () =>
  new ProblemError(409, "user.yourself", "You cannot suspend or delete yourself. Ask another administrator.");

const lastOwner = () => {
  const detail =
    "This is the last owner who can sign in. Make somebody else an owner first who has chosen a password.";
  return new ProblemError(409, "user.last_owner", detail, { fields: { role: detail } });
};
