import type { Context } from "#server/context.ts";
import { manageableRoles, type Role } from "#server/permissions.ts";
import { stillHolds } from "../users/still-holds.ts";

/** Whom whoever pressed the button may change as they are now; undefined where they may import and undo nothing any more. */
export async function stillManages(ctx: Context, by: string | null): Promise<readonly Role[] | undefined> {
  // Whoever runs Muster by command.
  if (by === null) return manageableRoles("administrator");
  const asking = await stillHolds(ctx, by, "imports.run");
  return asking && manageableRoles(asking.role);
}
