import { v7 as uuid } from "uuid";
import { addUsers } from "#server/features/users/add-users.ts";
import { incomingPeople } from "#server/features/users/incoming-people.ts";
import type { Role } from "#server/permissions.ts";
import type { TestTenant } from "./tenant.ts";

type Invited = { first: string; last: string; email?: string; role?: Role; groupIds?: string[] };

/** Invites people all at once. Answers their ids, in the same order. */
export async function invitePeople(tenant: TestTenant, people: readonly Invited[]): Promise<string[]> {
  const rows = people.map(({ first, last, email, role = "member", groupIds = [] }) => {
    const id = uuid();
    return {
      id,
      email: email ?? `${id}@people.example`,
      firstName: first,
      lastName: last,
      role,
      groupIds,
      passwordHash: null,
      sealedPassword: null,
    };
  });
  await tenant.run((ctx) => addUsers(ctx, incomingPeople(rows)));
  return rows.map(({ id }) => id);
}
