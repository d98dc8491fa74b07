import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { lockGroup, removeGroup } from "./store.ts";

/** Deletes a group and its memberships, never its users; `seen`: no more than so many. */
export async function deleteGroup(ctx: Context, groupId: string, seen?: number): Promise<void> {
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
  if (seen !== undefined && members > seen) throw moreMembers(group.name, members, seen);
  await record(ctx, {
    action: "group.deleted",
    target: { kind: "group", id: groupId },
    changes: { name: { before: group.name, after: null } },
    details: { members },
  });
}

const figure = new Intl.NumberFormat("en");

/** Whoever deletes it has looked at another group than there is now: perhaps an import has filled it. */
const moreMembers = (name: string, members: number, seen: number) =>
  new ProblemError(
    409,
    "group.more_members",
    `${name} has ${figure.format(members)} ${members === 1 ? "member" : "members"} by now, no longer ${figure.format(seen)}. Nothing was deleted. Look at it again.`,
  );
