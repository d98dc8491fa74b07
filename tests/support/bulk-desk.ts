import { expect } from "vitest";
import { createGroup } from "#server/features/groups/create-group.ts";
import { startBulk, type Wanted, workOff } from "./bulk-action.ts";
import { invitePeople } from "./people.ts";
import type { TestPerson } from "./tenant.ts";
import { tenantForEach } from "./tenant-for-each.ts";

/** Bulk actions of a test file: each test has a tenant of its own, and no job runs unless a test runs it. */
export function bulkDesk() {
  const { installation, tenant } = tenantForEach();

  const group = async (name: string) =>
    (await tenant.run((ctx) => createGroup(ctx, { name, description: "", active: true }))).id;

  const invite = (how: number, groupIds: string[] = []) =>
    invitePeople(
      tenant,
      Array.from({ length: how }, (_, no) => ({ first: `Anna${no}`, last: "Berg", groupIds })),
    );

  const membersOf = async (groupId: string) =>
    (
      await installation.database.query<{ user_id: string }>(
        "select user_id from memberships where tenant_id = $1 and group_id = $2 order by user_id",
        [tenant.id, groupId],
      )
    ).map((row) => row.user_id);

  const statusesOf = async (ids: readonly string[]) => {
    const rows = await installation.database.query<{ id: string; status: string }>(
      "select id, case when deleted_at is null then status else 'deleted' end as status from users where id = any($1)",
      [ids],
    );
    const found = new Map(rows.map((row) => [row.id, row.status]));
    return ids.map((id) => found.get(id));
  };

  const done = async (wanted: Wanted, person: TestPerson = tenant.owner) =>
    workOff(installation, tenant, (await startBulk(person, wanted)).id);

  const undo = async (id: string, person: TestPerson = tenant.owner) => {
    expect((await person.call("POST", `/bulk-actions/${id}/undo`)).status).toBe(200);
    return workOff(installation, tenant, id);
  };
  return { installation, tenant, group, invite, membersOf, statusesOf, done, undo };
}
