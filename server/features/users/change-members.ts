import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import {
  addMemberships,
  holdGroups,
  membershipSource,
  readGroup,
  removeMemberships,
} from "../groups/store.ts";
import { requireManageable } from "./lock-user.ts";
import { holdUsers } from "./store.ts";

type MemberChange = { add: readonly string[]; remove: readonly string[] };

/** Adds users to a group and removes users from it; everybody else stays. */
export async function changeMembers(ctx: Context, groupId: string, { add, remove }: MemberChange) {
  if (!(await holdGroups(ctx, [groupId])).has(groupId)) throw notFound("group");
  const known = await holdUsers(ctx, [...add, ...remove]);
  for (const [id, role] of known) requireManageable(ctx, { id, role });
  const unknown = add.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new ProblemError(
      422,
      "user.unknown",
      `${unknown.length} of the people to add are not users any more. Nothing was changed.`,
    );
  }
  const added = await addMemberships(ctx, membershipSource(add.map((userId) => ({ userId, groupId }))));
  const removed = await removeMemberships(
    ctx,
    remove.map((userId) => ({ userId, groupId })),
  );
  await record(ctx, {
    action: "group.members_changed",
    target: { kind: "group", id: groupId },
    details: { added, removed },
  });
  return readGroup(ctx, groupId);
}
