import type { JobServices } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { enqueueIn } from "#server/platform/jobs/enqueue.ts";
import { wakeSender, wakeUrgently } from "../add-messages.ts";
import { removeMailboxMessages } from "../mailbox/store-mailbox.ts";
import { overdueNotices } from "../own-server/store-notices.ts";
import { wakeTeller } from "../own-server/tell-owners.ts";
import {
  listClaims,
  livingSenders,
  requeueClaims,
  tenantsWithDueFirst,
  tenantsWithDueMessages,
} from "./store-claims.ts";

const mailboxDays = 30;
/** Longer than any hand-over takes: what is being handed over must not be twice. */
const overdueMs = 15 * 60_000;

/**
 * Finds all work again from the tables: messages that are due and have no job, notices whose job was lost, and messages whose sender died. And empties
 * the built-in mailbox of what is old, or of all once a mail server is configured.
 */
export async function sweepMessages({ database, instance }: JobServices): Promise<void> {
  const now = new Date();
  const { smtpUrl } = instance.config;
  await database.asSystem(
    "messages whose job was lost, claims of dead senders, old kept messages",
    async (tx) => {
      await requeueDeadClaims(tx);
      const enqueue = enqueueIn(tx);
      for (const tenantId of await tenantsWithDueFirst(tx, now)) await wakeUrgently({ enqueue, tenantId });
      for (const tenantId of await tenantsWithDueMessages(tx, now)) await wakeSender({ enqueue, tenantId });
      for (const { tenant_id: tenantId, id } of await overdueNotices(tx, new Date(now.getTime() - overdueMs)))
        await wakeTeller({ enqueue, tenantId }, id, now);
      await removeMailboxMessages(tx, new Date(now.getTime() - (smtpUrl ? 0 : mailboxDays * 86_400_000)));
    },
  );
}

async function requeueDeadClaims(tx: Tx) {
  // In this order: whoever claims after the first look holds its lock, and is not among those found.
  const claims = await listClaims(tx);
  if (claims.length === 0) return;
  const living = await livingSenders(tx);
  const dead = claims.filter((claim) => !living.has(claim.claimed_by));
  for (const [tenantId, of] of Map.groupBy(dead, (claim) => claim.tenant_id)) {
    await requeueClaims(
      tx,
      tenantId,
      of.map((claim) => claim.claimed_by),
    );
  }
}
