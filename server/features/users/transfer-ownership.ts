import type { Context } from "#server/context.ts";
import type { Role } from "#server/permissions.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { recordAll } from "../audit/record.ts";
import { hasOwnPassword, readCredential } from "../credentials/store.ts";
import { readUser } from "./present-users.ts";
import { lockOwners, readUserRow, type UserRow, writeRole } from "./store.ts";

/** Makes somebody an owner; whoever hands over steps down to another role, both at once or neither. */
export async function transferOwnership(ctx: Context, userId: string, { role }: { role: Role }) {
  const { actor } = ctx;
  if (actor.kind !== "user") throw new Error("Only an owner hands over.");
  if (actor.id === userId) {
    throw new ProblemError(409, "user.yourself", "You are an owner already. Choose somebody else.");
  }
  // Owners first, in one order everywhere: whoever demotes one of the two at this moment waits, or was first.
  await lockOwners(ctx);
  if ((await readUserRow(ctx, actor.id))?.role !== "owner") {
    throw new ProblemError(
      409,
      "user.not_an_owner",
      "You are no owner any more: somebody changed your role.",
    );
  }
  const heir = await readUserRow(ctx, userId, "lock");
  if (!heir) throw notFound("user");
  if (heir.status !== "active") throw notActive(heir);
  if (!hasOwnPassword(await readCredential(ctx, userId))) throw noOwnPassword();
  if (heir.role !== "owner") await writeRole(ctx, userId, "owner");
  await writeRole(ctx, actor.id, role);
  await recordAll(ctx, [
    {
      action: "ownership.transferred",
      target: { kind: "user", id: userId },
      changes: { role: { before: heir.role, after: "owner" } },
    },
    {
      action: "user.changed",
      target: { kind: "user", id: actor.id },
      changes: { role: { before: "owner", after: role } },
    },
  ]);
  return readUser(ctx, userId);
}

const notActive = ({ status }: UserRow) =>
  new ProblemError(
    409,
    "user.not_active",
    status === "invited"
      ? "They have not accepted their invitation yet. An owner must be able to sign in."
      : "They are suspended. Reactivate them first: an owner must be able to sign in.",
  );

/** A temporary password may never have arrived, and stops working; nobody below an owner could help whoever holds one. */
const noOwnPassword = () =>
  new ProblemError(
    409,
    "user.no_own_password",
    "They have not signed in and chosen a password yet. An owner must be able to sign in: hand over when they have.",
  );
