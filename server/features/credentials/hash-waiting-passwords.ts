import type { Job, JobServices } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import { wakeSender } from "../mail/add-messages.ts";
import { makeDue } from "../mail/store.ts";
import { hashPassword } from "./hash-password.ts";
import { openPassword } from "./sealed-password.ts";
import { listPasswordsToHash, listTenantsToHash, storeHashes } from "./store.ts";

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
  const waiting = (await services.inTenant(tenantId, (ctx) => listPasswordsToHash(ctx, batch))) ?? [];
  if (waiting.length === 0) return 0;
  const { secrets } = services.instance;
  const hashes = await Promise.all(
    waiting.map(({ userId, sealed }) => hashPassword(openPassword(secrets, { tenantId, userId }, sealed))),
  );
  const userIds = waiting.map(({ userId }) => userId);
  await services.inTenant(tenantId, async (ctx) => {
    await storeHashes(ctx, userIds, hashes);
    if ((await makeDue(ctx.tx, { tenantId, userIds, now: ctx.now })) > 0) await wakeSender(ctx);
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
