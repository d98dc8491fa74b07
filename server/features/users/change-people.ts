import type { Context } from "#server/context.ts";
import type { Role } from "#server/permissions.ts";
import { only, type SqlSource } from "#server/platform/db/sql-source.ts";
import { addMemberships, removeMemberships } from "../groups/store-memberships.ts";
import { wakeIndexing } from "./index-users.ts";
import { recordingChanges } from "./recording-changes.ts";
import { lockUnchanged, takeProfiles } from "./store.ts";

/**
 * What is to become of existing users. `people`: id, version (as it was when the change was decided), first_name, last_name,
 * name_key, given_key, renamed (take these names), language, respoken (take this language). `added`, `removed`: user_id, group_id, of groups that this transaction holds.
 * `roles`: whom whoever asks for it may change.
 */
export type IncomingChanges = {
  people: SqlSource;
  added: SqlSource;
  removed: SqlSource;
  roles: readonly Role[];
};

/**
 * Changes names, languages and groups of many users at once, never a password, a role or an owner. Whoever has changed since it was
 * decided, or may not be changed by whoever asks for it, is left alone. Answers who was changed. `details`: of the event of each.
 */
export async function changePeople(
  ctx: Context,
  { people, added, removed, roles }: IncomingChanges,
  details: Record<string, string>,
): Promise<string[]> {
  const ids = await lockUnchanged(ctx, people, roles);
  if (ids.length === 0) return [];
  await recordingChanges(ctx, { userIds: ids, details }, async () => {
    if ((await takeProfiles(ctx, people, ids)) > 0) await wakeIndexing(ctx, true);
    await addMemberships(ctx, only(added, "user_id", ids));
    await removeMemberships(ctx, only(removed, "user_id", ids));
  });
  return ids;
}
