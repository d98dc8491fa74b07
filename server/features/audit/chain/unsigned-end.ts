import { v7 as uuid } from "uuid";
import type { SigningKey } from "#server/platform/crypto/signing-key.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { type EventRow, insertEvents } from "../store.ts";
import { type Finding, finding } from "./finding.ts";
import { headOf, isSignedHead } from "./head.ts";
import { chainedEvents, type Link, listHeads, readEvent } from "./store-chain.ts";

/** Says in the chain itself that its end was not as it had been signed when it went on. */
const unsignedAction = "audit.end_unsigned";
const mostMarks = 100;

type Chain = { tenantId: string; key: SigningKey };

/**
 * Links and the head over them are written in one transaction: where the newest head is not of the last link, somebody was
 * at the chain. Before anything new is signed over that, an event says so, and stands before everything else that is new.
 * As the system role, with the chain locked.
 */
export async function markUnsignedEnd(tx: Tx, chain: Chain, last: Link | undefined): Promise<EventRow[]> {
  const signed = await newestSigned(tx, chain);
  if (signed?.position === last?.position && signed?.hash === last?.hash.toString("hex")) return [];
  const id = uuid();
  const details = { signed: signed?.position ?? 0, ended: last?.position ?? 0 };
  const common = { actor_kind: "system", actor_id: null, target_kind: "tenant", target_id: chain.tenantId };
  await insertEvents({ tx, tenantId: chain.tenantId, now: new Date(), actor: { kind: "system" } }, [
    { id, action: unsignedAction, ...common, fields: [], details },
  ]);
  const event = await readEvent(tx, chain.tenantId, id);
  return event ? [event] : [];
}

/** All are looked through only where the newest was not signed here: heads are one a day. */
async function newestSigned(tx: Tx, { tenantId, key }: Chain) {
  for (const most of [1, null]) {
    const rows = await listHeads(tx, tenantId, most);
    const row = rows.find((one) => isSignedHead(key, headOf(tenantId, one), one.signature));
    if (row) return headOf(tenantId, row);
  }
  return undefined;
}

/** Where the chain went on after an end that nothing had signed. */
export async function markedFindings(tx: Tx, tenantId: string): Promise<Finding[]> {
  const marks = await chainedEvents(tx, tenantId, { action: unsignedAction, most: mostMarks });
  return marks.map(({ position, event_id: eventId, at, details: { signed, ended } }) =>
    finding(
      "unsigned",
      { position: Number(position), eventId, at },
      `when the chain went on here, its end was not what had been signed: it ended at position ${ended}, and the newest head signed here was of position ${signed} and of what stood there then.`,
    ),
  );
}

/** The end, where it is beyond the newest head that is signed. */
export function unsignedFindings(
  signed: number,
  { first, last }: { first: number; last: number },
): Finding[] {
  if (last <= signed || last < first) return [];
  const from = Math.max(first, signed + 1);
  const words = `no signed head covers the chain from here to position ${last}: what stands there was put there by hand, or the heads over it were removed.`;
  return [finding("unsigned", { position: from }, words)];
}
