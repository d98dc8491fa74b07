import { v7 as uuid } from "uuid";
import { createGroup } from "#server/features/groups/create-group.ts";
import type { Language } from "#server/features/tenants/tenant-settings.ts";
import { addUsers } from "#server/features/users/add-users.ts";
import { incomingPeople } from "#server/features/users/incoming-people.ts";
import type { Role } from "#server/permissions.ts";
import type { TestTenant } from "./tenant.ts";

export type AddedPerson = {
  email: string;
  firstName: string;
  lastName: string;
  role?: Role;
  language?: Language;
  groups?: readonly string[];
};

/** Invites people and makes their groups, all in one go. Answers the ids of the groups by name. */
export function addPeople(
  tenant: TestTenant,
  people: readonly AddedPerson[],
  groups: readonly string[] = [],
) {
  return tenant.run(async (ctx) => {
    const ids = new Map<string, string>();
    for (const name of new Set([...groups, ...people.flatMap((person) => person.groups ?? [])])) {
      ids.set(name, (await createGroup(ctx, { name, description: "", active: true })).id);
    }
    const incoming = people.map(({ role = "member", groups: names = [], ...person }) => ({
      ...person,
      id: uuid(),
      role,
      groupIds: names.flatMap((name) => ids.get(name) ?? []),
      passwordHash: null,
      sealedPassword: null,
    }));
    await addUsers(ctx, incomingPeople(incoming));
    return ids;
  });
}
