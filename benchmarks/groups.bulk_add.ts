import { v7 as uuid } from "uuid";
import { startBulkAction } from "#server/features/bulk-actions/decide-bulk-action.ts";
import { planBulkAction } from "#server/features/bulk-actions/plan.ts";
import { runBulkAction } from "#server/features/bulk-actions/run-bulk-action.ts";
import { createGroup } from "#server/features/groups/create-group.ts";
import { compare, type Options } from "./support/figure.ts";
import { newTenant, type Tenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { apply, createGroups, uploadAndCheck } from "./support/run-import.ts";
import { asSuperuser, serverVersion } from "./support/superuser.ts";
import { seconds } from "./support/time.ts";

export const about =
  "Adding everybody to a group by a bulk action, against INSERT … SELECT of the memberships.";
export const bars = { "groups.bulk_add": 2 };
export const usual = { rows: 100_000, runs: 5 };

/**
 * `groups.bulk_add`: from the press of the button until everybody who matched is in the group and what became of each is on
 * record, against the one statement that writes the same memberships, in a transaction of the same role.
 */
export async function measure({ rows, runs }: Options) {
  const ours: number[] = [];
  const limit: number[] = [];
  const postgres = await withInstallation(async (installation) => {
    const tenant = await newTenant(installation);
    const importId = await uploadAndCheck(tenant, peopleFile(rows));
    await createGroups(tenant, importId);
    await apply(tenant, importId);
    for (let run = 0; run < runs; run += 1) {
      for (const [times, work] of [
        [limit, bare],
        [ours, byBulkAction],
      ] as const) {
        const groupId = await newGroup(tenant);
        await asSuperuser(installation, (client) => client.query("vacuum analyze"));
        times.push(await work(tenant, groupId));
        await requireMembers(tenant, groupId, rows + 1);
      }
    }
    return serverVersion(installation);
  });
  const named = { figure: "groups.bulk_add", bar: bars["groups.bulk_add"] };
  return [compare(named, { ours, limit }, { rows, runs, postgres })];
}

const newGroup = async ({ door }: Tenant) =>
  (await door.run((ctx) => createGroup(ctx, { name: uuid(), description: "", active: true }))).id;

const bare = ({ door, id }: Tenant, groupId: string) =>
  seconds(() =>
    door.run(({ tx }) =>
      tx.run(
        `insert into memberships (tenant_id, user_id, group_id)
         select tenant_id, id, $2 from users where tenant_id = $1 and deleted_at is null`,
        [id, groupId],
      ),
    ),
  );

async function byBulkAction({ door }: Tenant, groupId: string) {
  const wanted = {
    action: "add_to_groups" as const,
    groupIds: [groupId],
    selection: { filter: {}, excluded: [] },
  };
  const { id, hash } = await door.run((ctx) => planBulkAction(ctx, wanted));
  return seconds(async () => {
    await door.run((ctx) => startBulkAction(ctx, { ...wanted, id, hash }));
    await runBulkAction(door, id, () => false);
  });
}

async function requireMembers({ door, id }: Tenant, groupId: string, wanted: number) {
  const found = await door.run(({ tx }) =>
    tx.row<{ members: number }>(
      "select count(*)::int as members from memberships where tenant_id = $1 and group_id = $2",
      [id, groupId],
    ),
  );
  if (found?.members !== wanted) throw new Error(`There are ${found?.members} members, not ${wanted}.`);
}
