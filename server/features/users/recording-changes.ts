import type { Context } from "#server/context.ts";
import { changesBetween } from "../audit/personal.ts";
import { type AuditEvent, recordAll } from "../audit/record.ts";
import { groupsOf } from "../groups/store-memberships.ts";
import { profilesOf } from "./store.ts";

type Whom = { userIds: readonly string[]; details: NonNullable<AuditEvent["details"]> };

/** Changes names, languages and groups of users, whom this transaction has locked, and records of each what became another. */
export async function recordingChanges(
  ctx: Context,
  { userIds, details }: Whom,
  change: () => Promise<void>,
): Promise<void> {
  if (userIds.length === 0) return;
  const before = await statesOf(ctx, userIds);
  await change();
  const after = await statesOf(ctx, userIds);
  const events = [...after].flatMap(([id, state]): AuditEvent[] => {
    const changes = changesBetween(before.get(id) ?? state, state);
    if (Object.keys(changes).length === 0) return [];
    return [{ action: "user.changed", target: { kind: "user", id }, changes, details }];
  });
  await recordAll(ctx, events);
}

async function statesOf(ctx: Context, userIds: readonly string[]) {
  const profiles = await profilesOf(ctx, userIds);
  const groups = await groupsOf(ctx, userIds);
  return new Map(
    profiles.map(({ id, first_name: firstName, last_name: lastName, language }) => [
      id,
      { firstName, lastName, language, groups: (groups.get(id) ?? []).map(({ name }) => name) },
    ]),
  );
}
