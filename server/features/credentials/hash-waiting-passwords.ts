import type { Context, Job, JobServices } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import { wakeSender } from "../mail/add-messages.ts";
import { makeDue } from "../mail/store.ts";
import { makeForgottenDue, tenantsWithWaitingMessages } from "../mail/store-pending.ts";
import { hashInBackground } from "./hashing-pool.ts";
import { openSeals } from "./read-sealed-passwords.ts";
import { discardSealedPasswords, lockCredentials } from "./store.ts";
import { listPasswordsToHash, listTenantsToHash, storeHashes } from "./store-hashing.ts";

const batch = 64;
/** How long one tenant's passwords are hashed before it is another one's turn. */
const usualTurnMs = 3_000;

/**
 * Hashes the passwords an import brought, behind it, for one turn: a core makes about 40 a second. A created user's email
 * becomes due in the transaction that stores the hash, so nobody is sent a password that does not work yet.
 */
export async function hashWaitingPasswords(tenantId: string, services: JobServices, turnMs = usualTurnMs) {
  const turnEnds = Date.now() + turnMs;
  let more = false;
  const held = await exclusively(services.database, `passwords.hash:${tenantId}`, async (lost) => {
    const goOn = () => Date.now() < turnEnds && !services.signal.aborted && !lost.aborted;
    more = await hashWhile(tenantId, services, goOn);
    if (!more) {
      await services.inTenant(tenantId, async (ctx) => wakeFor(ctx, await makeForgottenDue(ctx.tx, ctx)));
    }
  });
  // Only now that the lock is given back: otherwise another process takes the wake-up, finds it held, and drops it.
  if (more) await wakeHashing(services, tenantId);
  else if (!held) await wakeHashing(services, tenantId, new Date(Date.now() + 1_000));
}

type Waiting = Awaited<ReturnType<typeof listPasswordsToHash>>;

/**
 * Batch after batch. While one is hashed the one before is stored and the next is fetched, so that no core waits for the
 * database. Answers whether there may be more.
 */
async function hashWhile(tenantId: string, services: JobServices, goOn: () => boolean): Promise<boolean> {
  const fetch = async (after: string | null) =>
    (await services.inTenant(tenantId, (ctx) => listPasswordsToHash(ctx, batch, after))) ?? [];
  let waiting = await fetch(null);
  let stored: Promise<void> = Promise.resolve();
  while (waiting.length > 0) {
    const last = waiting.length < batch;
    const next = last ? Promise.resolve<Waiting>([]) : fetch(waiting.at(-1)?.userId ?? null);
    const [hashed, before, following] = await Promise.allSettled([
      hashAll(tenantId, services, waiting),
      stored,
      next,
    ]);
    for (const one of [hashed, before, following]) if (one.status === "rejected") throw one.reason;
    if (hashed.status === "fulfilled") stored = storeAll(tenantId, services, waiting, hashed.value);
    if (last || !goOn()) {
      await stored;
      return !last;
    }
    waiting = following.status === "fulfilled" ? following.value : [];
  }
  await stored;
  return false;
}

type Hashed = { hashed: { userId: string; hash: string }[]; broken: string[] };

async function hashAll(tenantId: string, services: JobServices, waiting: Waiting): Promise<Hashed> {
  const { opened, broken } = openSeals({ ...services, tenantId }, waiting);
  const hashes = await hashInBackground([...opened.values()]);
  return { hashed: [...opened.keys()].map((userId, n) => ({ userId, hash: hashes[n] ?? "" })), broken };
}

async function storeAll(
  tenantId: string,
  services: JobServices,
  waiting: Waiting,
  { hashed, broken }: Hashed,
) {
  const userIds = waiting.map(({ userId }) => userId);
  await services.inTenant(tenantId, async (ctx) => {
    await lockCredentials(ctx, userIds);
    await storeHashes(ctx, hashed);
    if (broken.length > 0) await discardSealedPasswords(ctx, broken);
    await wakeFor(ctx, await makeDue(ctx.tx, { ...ctx, userIds }));
  });
}

/** The next turn comes after those of the tenants that are waiting already. `later`: another process is at work. */
const wakeHashing = ({ enqueue }: JobServices, tenantId: string, later?: Date) =>
  later
    ? enqueue("passwords.hash", { tenantId }, { key: `passwords.hash.later:${tenantId}`, runAt: later })
    : enqueue("passwords.hash", { tenantId }, { key: `passwords.hash:${tenantId}` });

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
