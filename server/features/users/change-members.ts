import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record, recordAll } from "../audit/record.ts";
import { holdGroups, readGroup } from "../groups/store.ts";
import {
  addMemberships,
  membersAmong,
  membershipSource,
  removeMemberships,
} from "../groups/store-memberships.ts";
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
  const there = await membersAmong(ctx, groupId, [...add, ...remove]);
  const added = await addMemberships(ctx, membershipSource(add.map((userId) => ({ userId, groupId }))));
  const removed = await removeMemberships(
    ctx,
    membershipSource(remove.map((userId) => ({ userId, groupId }))),
  );
  await record(ctx, {
    action: "group.members_changed",
    target: { kind: "group", id: groupId },
    details: { added, removed },
  });
  const group = await readGroup(ctx, groupId);
  await recordMembers(ctx, group.name, {
    add: [...new Set(add)].filter((id) => !there.has(id)),
    remove: [...new Set(remove)].filter((id) => there.has(id)),
  });
  return group;
}

/** For each person what happened to them, so that their history has it. */
const recordMembers = (ctx: Context, group: string, { add, remove }: MemberChange) =>
  recordAll(ctx, [
    ...add.map((id) => ({
      action: "user.added_to_group",
      target: { kind: "user", id } as const,
      changes: { group: { before: null, after: group } },
    })),
    ...remove.map((id) => ({
      action: "user.removed_from_group",
      target: { kind: "user", id } as const,
      changes: { group: { before: group, after: null } },
    })),
  ]);
