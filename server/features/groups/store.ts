import type { Context } from "#server/context.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { changedMeanwhile, notFound, ProblemError } from "#server/platform/errors.ts";
import type { Group } from "./contract.ts";
import { membersSql, removeMemberCounts } from "./store-member-counts.ts";

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

// A deleted user's memberships are set aside: every one counts.
const columns = `g.id, g.name, g.order_key, g.name_key, g.description, g.active, g.protected, g.version, g.created_at, ${membersSql("g.id")} as members`;

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
export async function removeGroup(ctx: Context, groupId: string) {
  const { tx, tenantId } = ctx;
  const members = await tx.run("delete from memberships where tenant_id = $1 and group_id = $2", [
    tenantId,
    groupId,
  ]);
  await tx.run("delete from former_memberships where tenant_id = $1 and group_id = $2", [tenantId, groupId]);
  await removeMemberCounts(ctx, [groupId]);
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

/** Deletes those of these groups that are as they were made and that nobody is in. Answers which. */
export async function takeUntouchedGroups(ctx: Context, groupIds: readonly string[]) {
  const { tx, tenantId } = ctx;
  await tx.run("select from groups where tenant_id = $1 and id = any($2) order by id for update", [
    tenantId,
    groupIds,
  ]);
  const taken = await tx.rows<{ id: string; name: string }>(
    `with gone as (
       delete from groups g where g.tenant_id = $1 and g.id = any($2) and ${untouched} returning id, name),
     aside as (delete from former_memberships f using gone g where f.tenant_id = $1 and f.group_id = g.id)
     select id, name from gone`,
    [tenantId, groupIds],
  );
  await removeMemberCounts(
    ctx,
    taken.map(({ id }) => id),
  );
  return taken;
}

const untouched = `g.version = 1 and not g.protected
  and not exists (select from memberships m where m.tenant_id = g.tenant_id and m.group_id = g.id)`;

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
