import { availableParallelism } from "node:os";
import type { Context, Job, JobServices } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import { wakeSender } from "../mail/add-messages.ts";
import { openSlots } from "../mail/sending/slots.ts";
import { makeDue } from "../mail/store.ts";
import { makeForgottenDue, tenantsWithWaitingMessages } from "../mail/store-pending.ts";
import { hashPassword } from "./hash-password.ts";
import { openSeals } from "./read-sealed-passwords.ts";
import { discardSealedPasswords, lockCredentials } from "./store.ts";
import { listPasswordsToHash, listTenantsToHash, storeHashes } from "./store-hashing.ts";

const batch = 32;
/** How long one tenant's passwords are hashed before it is another one's turn. */
const usualTurnMs = 3_000;

// argon2 runs on libuv's threads (4, or fewer cores): one stays free for whoever signs in meanwhile.
const slots = openSlots(Math.max(1, Math.min(availableParallelism(), 4) - 1));

/**
 * Hashes the passwords an import brought, behind it, for one turn: a core makes about 40 a second. A created user's email
 * becomes due in the transaction that stores the hash, so nobody is sent a password that does not work yet.
 */
export async function hashWaitingPasswords(tenantId: string, services: JobServices, turnMs = usualTurnMs) {
  const turnEnds = Date.now() + turnMs;
  let more = false;
  const held = await exclusively(services.database, `passwords.hash:${tenantId}`, async (lost) => {
    do more = (await hashBatch(tenantId, services)) === batch;
    while (more && Date.now() < turnEnds && !services.signal.aborted && !lost.aborted);
    if (!more) {
      await services.inTenant(tenantId, async (ctx) => wakeFor(ctx, await makeForgottenDue(ctx.tx, ctx)));
    }
  });
  // Only now that the lock is given back: otherwise another process takes the wake-up, finds it held, and drops it.
  if (more) await wakeHashing(services, tenantId);
  else if (!held) await wakeHashing(services, tenantId, new Date(Date.now() + 1_000));
}

/** The next turn comes after those of the tenants that are waiting already. `later`: another process is at work. */
const wakeHashing = ({ enqueue }: JobServices, tenantId: string, later?: Date) =>
  later
    ? enqueue("passwords.hash", { tenantId }, { key: `passwords.hash.later:${tenantId}`, runAt: later })
    : enqueue("passwords.hash", { tenantId }, { key: `passwords.hash:${tenantId}` });

/** Answers how many were waiting, at most a batch. */
async function hashBatch(tenantId: string, services: JobServices): Promise<number> {
  const waiting = (await services.inTenant(tenantId, (ctx) => listPasswordsToHash(ctx, batch))) ?? [];
  if (waiting.length === 0) return 0;
  const { opened, broken } = openSeals({ ...services, tenantId }, waiting);
  const hashed = await Promise.all(
    [...opened].map(async ([userId, password]) => ({
      userId,
      hash: await slots.hold(() => hashPassword(password)),
    })),
  );
  const userIds = waiting.map(({ userId }) => userId);
  await services.inTenant(tenantId, async (ctx) => {
    await lockCredentials(ctx, userIds);
    await storeHashes(ctx, hashed);
    if (broken.length > 0) await discardSealedPasswords(ctx, broken);
    await wakeFor(ctx, await makeDue(ctx.tx, { ...ctx, userIds }));
  });
  return waiting.length;
}

async function wakeFor(ctx: Context, dueMessages: number) {
  if (dueMessages > 0) await wakeSender(ctx);
}

/** `passwords.hash` is only a wake-up; `passwords.sweep` finds again what has none, at the start and each minute. */
export const hashJobs: readonly Job[] = [
  {
    name: "passwords.hash",
    lane: "heavy",
    run: ({ tenantId = "" }, services) => hashWaitingPasswords(tenantId, services),
  },
  {
    name: "passwords.sweep",
    lane: "quick",
    cron: "* * * * *",
    run: async (_payload, services) => {
      const found = await services.database.asSystem(
        "find passwords to hash, emails that wait",
        async (tx) => [...(await listTenantsToHash(tx)), ...(await tenantsWithWaitingMessages(tx))],
      );
      const tenantIds = new Set(found.map((row) => row.tenant_id));
      for (const tenantId of tenantIds) await wakeHashing(services, tenantId);
    },
  },
];
