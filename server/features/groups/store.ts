import type { Context } from "#server/context.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { changedMeanwhile, notFound, ProblemError } from "#server/platform/errors.ts";
import type { Group } from "./contract.ts";

type GroupRow = {
  id: string;
  name: string;
  order_key: string;
  name_key: string;
  description: string;
  active: boolean;
  protected: boolean;
  version: number;
  created_at: Date;
  members: number;
};

// A deleted user's memberships are set aside: every one here counts.
const columns = `g.id, g.name, g.order_key, g.name_key, g.description, g.active, g.protected, g.version, g.created_at,
  (select count(*)::int from memberships m where m.tenant_id = $1 and m.group_id = g.id) members`;

const groupOf = (row: GroupRow): Group => ({
  id: row.id,
  name: row.name,
  description: row.description,
  active: row.active,
  protected: row.protected,
  members: row.members,
  version: row.version,
  createdAt: row.created_at.toISOString(),
});

export async function readGroup({ tx, tenantId }: Context, groupId: string): Promise<Group> {
  const row = await tx.row<GroupRow>(`select ${columns} from groups g where g.tenant_id = $1 and g.id = $2`, [
    tenantId,
    groupId,
  ]);
  if (!row) throw notFound("group");
  return groupOf(row);
}

/** Where a group stands; names that differ in nothing but zeros before a number have one order key. */
type Place = readonly [orderKey: string, nameKey: string];
type Page = { search: string; after: Place; limit: number };

/**
 * Groups by name, numbers in it by their value; those with the searched part in it, one more than `limit` where there are more. A
 * tenant has thousands at most.
 */
export async function listGroups({ tx, tenantId }: Context, { search, after, limit }: Page) {
  const rows = await tx.rows<GroupRow>(
    `select ${columns} from groups g
      where g.tenant_id = $1 and position($2 in g.name_key) > 0
        and g.order_key >= $3 and (g.order_key, g.name_key collate "C") > ($3, $4)
      order by g.order_key, g.name_key collate "C" limit $5`,
    [tenantId, search, ...after, limit + 1],
  );
  return rows.map((row) => ({ group: groupOf(row), place: [row.order_key, row.name_key] satisfies Place }));
}

export const anyGroup = async ({ tx, tenantId }: Context) =>
  (await tx.row("select 1 from groups where tenant_id = $1 limit 1", [tenantId])) !== undefined;

type NewGroup = { id: string; name: string; nameKey: string; description: string; active: boolean };

export async function insertGroup({ tx, tenantId, now }: Context, group: NewGroup) {
  await refusingTakenName(
    tx.run(
      `insert into groups (tenant_id, id, name, name_key, description, active, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [tenantId, group.id, group.name, group.nameKey, group.description, group.active, now],
    ),
    group.name,
  );
}

/** Makes those groups whose names are still free, all at once; for names already taken it does nothing. */
export async function insertMissingGroups({ tx, tenantId, now }: Context, groups: readonly NewGroup[]) {
  const rows = await tx.rows<{ id: string }>(
    `insert into groups (tenant_id, id, name, name_key, created_at, updated_at)
     select $1, g.id, g.name, g.name_key, $2, $2
       from unnest($3::uuid[], $4::text[], $5::text[]) g(id, name, name_key)
     on conflict (tenant_id, name_key) do nothing returning id`,
    [tenantId, now, groups.map((g) => g.id), groups.map((g) => g.name), groups.map((g) => g.nameKey)],
  );
  return rows.map((row) => row.id);
}

type GroupChange = {
  version: number;
  name?: string | undefined;
  nameKey?: string | undefined;
  description?: string | undefined;
  active?: boolean | undefined;
  protected?: boolean | undefined;
};

export async function changeGroup(ctx: Context, groupId: string, change: GroupChange) {
  const changed = await refusingTakenName(
    ctx.tx.run(
      `update groups set name = coalesce($4, name), name_key = coalesce($5, name_key),
              description = coalesce($6, description), active = coalesce($7, active),
              protected = coalesce($8, protected), version = version + 1, updated_at = $9
        where tenant_id = $1 and id = $2 and version = $3`,
      [
        ctx.tenantId,
        groupId,
        change.version,
        change.name ?? null,
        change.nameKey ?? null,
        change.description ?? null,
        change.active ?? null,
        change.protected ?? null,
        ctx.now,
      ],
    ),
    change.name ?? "",
  );
  if (changed > 0) return;
  await readGroup(ctx, groupId);
  throw changedMeanwhile("group");
}

/** Locks the group, so that nobody is added to it meanwhile. */
export const lockGroup = ({ tx, tenantId }: Context, groupId: string) =>
  tx.row<{ protected: boolean; name: string }>(
    "select protected, name from groups where tenant_id = $1 and id = $2 for update",
    [tenantId, groupId],
  );

/** Deletes a locked group and its memberships. Answers how many there were. */
export async function removeGroup({ tx, tenantId }: Context, groupId: string) {
  const members = await tx.run("delete from memberships where tenant_id = $1 and group_id = $2", [
    tenantId,
    groupId,
  ]);
  await tx.run("delete from former_memberships where tenant_id = $1 and group_id = $2", [tenantId, groupId]);
  await tx.run("delete from groups where tenant_id = $1 and id = $2", [tenantId, groupId]);
  return members;
}

/**
 * Which of these groups exist. They stay until the transaction ends: this lock is what a foreign key of `memberships`
 * would take, once for each group instead of once for each row.
 */
export async function holdGroups(
  { tx, tenantId }: Context,
  groupIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(
    "select id from groups where tenant_id = $1 and id = any($2) order by id for key share",
    [tenantId, groupIds],
  );
  return new Set(rows.map((row) => row.id));
}

/** All names, for recognising them in a file and for finding the nearest one. */
export const allGroupNames = ({ tx, tenantId }: Context) =>
  tx.rows<{ id: string; name: string; name_key: string }>(
    "select id, name, name_key from groups where tenant_id = $1",
    [tenantId],
  );

export type Membership = { userId: string; groupId: string };

/** Adds memberships (`user_id`, `group_id`) of users that this transaction made or holds, in groups that it holds. */
export const addMemberships = ({ tx, tenantId }: Context, source: SqlSource) =>
  tx.run(
    `insert into memberships (tenant_id, user_id, group_id)
     select $1, m.user_id, m.group_id from (${source.sql}) m
     on conflict do nothing`,
    [tenantId, ...source.values],
  );

/** The first memberships of users that this transaction has just made: nobody else can have put them anywhere. */
export const addFirstMemberships = ({ tx, tenantId }: Context, source: SqlSource) =>
  tx.run(
    `insert into memberships (tenant_id, user_id, group_id)
     select distinct $1::uuid, m.user_id, m.group_id from (${source.sql}) m`,
    [tenantId, ...source.values],
  );

/** Adds memberships there are none of. Where somebody else adds one at that moment it fails: `membershipTaken`. */
export const addNewMemberships = ({ tx, tenantId }: Context, source: SqlSource) =>
  tx.run(
    `insert into memberships (tenant_id, user_id, group_id) select $1, m.user_id, m.group_id from (${source.sql}) m`,
    [tenantId, ...source.values],
  );

export const membershipTaken = (error: unknown) => violatedConstraint(error) === "memberships_pkey";

/** Removes the source's memberships (`user_id`, `group_id`), of users that this transaction holds. */
export const removeMembershipsFrom = ({ tx, tenantId }: Context, source: SqlSource) =>
  tx.run(
    `delete from memberships m using (${source.sql}) s
      where m.tenant_id = $1 and m.user_id = s.user_id and m.group_id = s.group_id`,
    [tenantId, ...source.values],
  );

/** Memberships held in memory, as a source. */
export const membershipSource = (memberships: readonly Membership[]): SqlSource => ({
  sql: "select * from unnest($2::uuid[], $3::uuid[]) m(user_id, group_id)",
  values: [memberships.map((m) => m.userId), memberships.map((m) => m.groupId)],
});

export async function removeMemberships({ tx, tenantId }: Context, memberships: readonly Membership[]) {
  if (memberships.length === 0) return 0;
  return tx.run(
    `delete from memberships m using unnest($2::uuid[], $3::uuid[]) r(user_id, group_id)
      where m.tenant_id = $1 and m.user_id = r.user_id and m.group_id = r.group_id`,
    [tenantId, memberships.map((m) => m.userId), memberships.map((m) => m.groupId)],
  );
}

/** Which of these users are in the group. */
export async function membersAmong(
  { tx, tenantId }: Context,
  groupId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.rows<{ user_id: string }>(
    "select user_id from memberships where tenant_id = $1 and group_id = $2 and user_id = any($3)",
    [tenantId, groupId, userIds],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** A part of a statement: adds the source's users (`user_id`), who are held, to groups that are; `user_id`, `group_id` of new ones. */
export const addingSql = (people: SqlSource, groupIds: readonly string[]): SqlSource => ({
  sql: `insert into memberships (tenant_id, user_id, group_id)
        select $1, p.user_id, g.id from (${people.sql}) p cross join unnest(${after(people, 1)}::uuid[]) g(id)
        on conflict do nothing returning user_id, group_id`,
  values: [...people.values, groupIds],
});

/** The same for removing them; `user_id`, `group_id` of what there was. */
export const removingSql = (people: SqlSource, groupIds: readonly string[]): SqlSource => ({
  sql: `delete from memberships m using (${people.sql}) p
         where m.tenant_id = $1 and m.user_id = p.user_id and m.group_id = any(${after(people, 1)}::uuid[])
        returning m.user_id, m.group_id`,
  values: [...people.values, groupIds],
});

/** Does what `addingSql` or `removingSql` say. Answers whose memberships these were, by group. */
export async function changeMemberships({ tx, tenantId }: Context, { sql, values }: SqlSource) {
  const rows = await tx.rows<{ group_id: string; user_ids: string[] }>(
    `with done as (${sql}) select group_id, array_agg(user_id) as user_ids from done group by group_id`,
    [tenantId, ...values],
  );
  return new Map(rows.map((row) => [row.group_id, row.user_ids]));
}

/** Deletes those of these groups that are as they were made and that nobody is in. Answers which. */
export async function takeUntouchedGroups({ tx, tenantId }: Context, groupIds: readonly string[]) {
  await tx.run("select from groups where tenant_id = $1 and id = any($2) order by id for update", [
    tenantId,
    groupIds,
  ]);
  return tx.rows<{ id: string; name: string }>(
    `delete from groups g where g.tenant_id = $1 and g.id = any($2) and ${untouched} returning id, name`,
    [tenantId, groupIds],
  );
}

const untouched = `g.version = 1 and not g.protected
  and not exists (select from memberships m where m.tenant_id = g.tenant_id and m.group_id = g.id)`;

/** The groups of each of these users, by name. */
export async function groupsOf({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.prepared<{ user_id: string; id: string; name: string; active: boolean }>(
    `select m.user_id, g.id, g.name, g.active
       from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
      where m.tenant_id = $1 and m.user_id = any($2) order by g.order_key, g.name_key collate "C"`,
    [tenantId, userIds],
  );
  return Map.groupBy(rows, (row) => row.user_id);
}

async function refusingTakenName<T>(statement: Promise<T>, name: string): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (violatedConstraint(error) !== "groups_name_key") throw error;
    const taken = `There is already a group named ${name}.`;
    throw new ProblemError(409, "group.name_taken", taken, {
      fields: { name: `${taken} Choose another name.` },
    });
  }
}

export const unknownGroup = () => {
  const detail =
    "One of the groups does not exist any more. Look at the groups as they are now and choose again.";
  return new ProblemError(422, "group.unknown", detail, { fields: { groupIds: detail } });
};
