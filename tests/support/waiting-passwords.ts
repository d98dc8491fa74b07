import { v7 as uuid } from "uuid";
import { sealPassword } from "#server/features/credentials/sealed-password.ts";
import { addUsers } from "#server/features/users/add-users.ts";
import { incomingPeople } from "#server/features/users/incoming-people.ts";
import { type TestTenant, testPassword } from "./tenant.ts";

/** People as an import makes them: created, their passwords sealed and not hashed yet, their emails waiting for that. */
export async function peopleToHash(tenant: TestTenant, count: number): Promise<string[]> {
  const userIds = Array.from({ length: count }, () => uuid());
  await tenant.run((ctx) => {
    const people = userIds.map((id) => ({
      id,
      email: `${id}@${tenant.slug}.example`,
      firstName: "Eva",
      lastName: "Berg",
      role: "member" as const,
      groupIds: [],
      passwordHash: null,
      sealedPassword: sealPassword(
        ctx.instance.secrets,
        { tenantId: ctx.tenantId, userId: id },
        testPassword,
      ),
    }));
    return addUsers(ctx, incomingPeople(people));
  });
  return userIds;
}
