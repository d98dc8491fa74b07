import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { lockGroup, removeGroup } from "./store.ts";

/** Deletes a group and its memberships, never its users. */
export async function deleteGroup(ctx: Context, groupId: string): Promise<void> {
  const group = await lockGroup(ctx, groupId);
  if (!group) throw notFound("group");
  if (group.protected) {
    throw new ProblemError(
      409,
      "group.protected",
      `${group.name} is protected. Take the protection off first, then delete it.`,
    );
  }
  const members = await removeGroup(ctx, groupId);
  await record(ctx, {
    action: "group.deleted",
    target: { kind: "group", id: groupId },
    changes: { name: { before: group.name, after: null } },
    details: { members },
  });
}
