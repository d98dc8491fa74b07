import type { SigningKey } from "#server/platform/crypto/signing-key.ts";
import type { Database } from "#server/platform/db/database.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { signHead } from "./head.ts";
import { beginning, linkHash } from "./link-hash.ts";
import {
  forgetChained,
  insertLinks,
  lastLink,
  lockChain,
  type NewLink,
  pendingEvents,
  writeHead,
} from "./store-chain.ts";
import { markUnsignedEnd } from "./unsigned-end.ts";

/** Links in a transaction. */
const batchEvents = 2000;

type Chain = { database: Database; key: SigningKey; stopped?: () => boolean };

/** Puts a tenant's committed events into its chain. One that commits late is chained later; none is left out. */
export async function chainEvents({ database, key, stopped }: Chain, tenantId: string): Promise<number> {
  let chained = 0;
  while (!stopped?.()) {
    const now = await database.asSystem("put audit events into the chain", (tx) =>
      chainBatch(tx, { tenantId, key }),
    );
    chained += now;
    if (now < batchEvents) break;
  }
  return chained;
}

/** The next events, and the new head signed with them. Answers how many there were. */
export async function chainBatch(tx: Tx, { tenantId, key }: { tenantId: string; key: SigningKey }) {
  await lockChain(tx, tenantId);
  const last = await lastLink(tx, tenantId);
  const pending = await pendingEvents(tx, tenantId, batchEvents);
  if (pending.length < batchEvents) await forgetChained(tx, tenantId);
  if (pending.length === 0) return 0;
  const events = [...(await markUnsignedEnd(tx, { tenantId, key }, last)), ...pending];
  let { position, hash } = last ?? { position: 0, hash: beginning };
  const links = events.map((event): NewLink => {
    position += 1;
    hash = linkHash(hash, tenantId, event);
    return { position, hash, eventId: event.id };
  });
  await insertLinks(tx, tenantId, links);
  const signedAt = new Date();
  const { signature } = signHead(key, tenantId, { position, hash }, signedAt);
  await writeHead(tx, tenantId, { position, hash, signedAt, signature });
  return links.length;
}
