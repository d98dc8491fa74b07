import type { Job, JobServices } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import { makeDue } from "../mail/store.ts";
import { hashPassword } from "./hash-password.ts";
import { openPassword } from "./sealed-password.ts";
import { listTenantsToHash } from "./store.ts";

const batch = 32;

/**
 * Hashes the passwords an import brought, behind it: a core makes about 40 a second. A created user's email becomes due
 * in the transaction that stores the hash, so nobody is sent a password that does not work yet.
 */
export async function hashWaitingPasswords(tenantId: string, services: JobServices): Promise<void> {
  await exclusively(services.database, `passwords.hash:${tenantId}`, async (lost) => {
    while (!services.signal.aborted && !lost.aborted) {
      if ((await hashBatch(tenantId, services)) < batch) return;
    }
  });
}

async function hashBatch(tenantId: string, services: JobServices): Promise<number> {
  const waiting = await services.inTenant(tenantId, (ctx) =>
    ctx.tx.rows<{ user_id: string; sealed_password: Buffer }>(
      `select user_id, sealed_password from credentials
        where tenant_id = $1 and password_hash is null and sealed_password is not null
        order by user_id limit $2`,
      [tenantId, batch],
    ),
  );
  if (!waiting || waiting.length === 0) return 0;
  const { secrets } = services.instance;
  const hashes = await Promise.all(
    waiting.map(({ user_id, sealed_password }) =>
      hashPassword(openPassword(secrets, { tenantId, userId: user_id }, sealed_password)),
    ),
  );
  const userIds = waiting.map((row) => row.user_id);
  await services.inTenant(tenantId, async (ctx) => {
    await ctx.tx.run(
      `update credentials c set password_hash = h.hash
         from unnest($2::uuid[], $3::text[]) h(user_id, hash)
        where c.tenant_id = $1 and c.user_id = h.user_id
          and c.password_hash is null and c.sealed_password is not null`,
      [tenantId, userIds, hashes],
    );
    if ((await makeDue(ctx.tx, { tenantId, userIds, now: ctx.now })) > 0) {
      await ctx.enqueue("mail.deliver", { tenantId }, { key: `mail.deliver:${tenantId}` });
    }
  });
  return waiting.length;
}

/** `passwords.hash` is only a wake-up; `passwords.sweep` finds again what has none, at the start and each minute. */
export const hashJobs: readonly Job[] = [
  {
    name: "passwords.hash",
    run: ({ tenantId = "" }, services) => hashWaitingPasswords(tenantId, services),
  },
  {
    name: "passwords.sweep",
    cron: "* * * * *",
    run: async (_payload, { database, enqueue }) => {
      const waiting = await database.asSystem("find passwords to be hashed", listTenantsToHash);
      for (const { tenant_id: tenantId } of waiting) {
        await enqueue("passwords.hash", { tenantId }, { key: `passwords.hash:${tenantId}` });
      }
    },
  },
];
