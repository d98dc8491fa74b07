import type { SigningKey } from "#server/platform/crypto/signing-key.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { type Finding, finding } from "./finding.ts";
import { type Head, headOf, isSignedHead, readRemoval } from "./head.ts";
import { beginning } from "./link-hash.ts";
import { type HeadRow, lastLink, listHeads, looseEvents } from "./store-chain.ts";
import { firstPosition, removalsUpTo } from "./store-retention.ts";
import { markedFindings, unsignedFindings } from "./unsigned-end.ts";
import { type Start, walkChain } from "./walk-chain.ts";

/** The job chains each minute: what is older than this and in no link was kept out of the chain. */
const longMs = 60 * 60_000;
const mostLoose = 100;

export type ExportedHead = Head & { publicKey: string; signature: string };

export type Verification = {
  /** Positions that are there; null where the chain is empty. */
  first: number | null;
  last: number | null;
  events: number;
  erased: number;
  heads: number;
  findings: Finding[];
};

type Asked = { tenantId: string; key: SigningKey; now: Date; exported?: ExportedHead | undefined };

/**
 * Recomputes a tenant's chain and names whatever does not fit, in one picture of the database: what is chained meanwhile is
 * not looked at. As the system role, in a transaction of its own.
 */
export async function verifyChain(tx: Tx, asked: Asked): Promise<Verification> {
  await tx.run("set transaction isolation level repeatable read read only");
  const { tenantId } = asked;
  const stored = (await listHeads(tx, tenantId)).map((row) => storedHead(tenantId, row));
  const heads = [...stored, ...(asked.exported ? [exportedHead(asked.exported)] : [])];
  const last = await lastLink(tx, tenantId);
  const { start, findings } = await startOf(tx, asked);
  const wanted = new Set(heads.map(({ head }) => head.position));
  const walked = await walkChain(tx, tenantId, { start, wanted });
  const chain = { first: start.position + 1, last: last?.position ?? start.position, hashes: walked.hashes };
  return {
    first: last ? chain.first : null,
    last: last?.position ?? null,
    events: walked.events,
    erased: walked.erased,
    heads: heads.length,
    findings: [
      ...findings,
      ...walked.findings,
      ...(await looseFindings(tx, asked)),
      ...heads.flatMap((one) => checkHead(asked, chain, one)),
      ...unsignedFindings(signedUpTo(asked.key, stored), chain),
      ...(await markedFindings(tx, tenantId)),
    ],
  };
}

/** Where the chain begins: with nothing before it, or with the mark of a retention that says what was. */
async function startOf(tx: Tx, { tenantId, key }: Asked): Promise<{ start: Start; findings: Finding[] }> {
  const first = await firstPosition(tx, tenantId);
  if (first === undefined || first === 1) return { start: { position: 0, hash: beginning }, findings: [] };
  const marks = await removalsUpTo(tx, tenantId, first - 1);
  const removal = marks.map((mark) => readRemoval(key, tenantId, mark)).find(Boolean);
  if (removal) {
    return { start: { position: first - 1, hash: Buffer.from(removal.hash, "hex") }, findings: [] };
  }
  const words = `positions 1 to ${first - 1} are gone, and no signed mark of a retention says that they were removed.`;
  return {
    start: { position: first - 1, hash: null },
    findings: [finding("beginning_missing", { position: 1 }, words)],
  };
}

async function looseFindings(tx: Tx, { tenantId, now }: Asked): Promise<Finding[]> {
  const before = new Date(now.getTime() - longMs);
  const loose = await looseEvents(tx, tenantId, { before, most: mostLoose });
  return loose.map(({ event_id: eventId, at }) =>
    at === null
      ? finding("removed", { eventId }, "this event was removed before it was chained.")
      : finding(
          "not_chained",
          { eventId, at },
          "this event is in no link of the chain: it was added or taken out of the chain by hand, or no background jobs have run for an hour.",
        ),
  );
}

type CheckedHead = { head: Head; signature: Buffer; publicKey?: string; name: string };

const storedHead = (tenantId: string, row: HeadRow): CheckedHead => {
  const head = headOf(tenantId, row);
  return { head, signature: row.signature, name: `the head signed at ${head.signedAt}` };
};

/** The furthest position that a head of the database was signed over. */
const signedUpTo = (key: SigningKey, heads: readonly CheckedHead[]) =>
  heads.find(({ head, signature }) => isSignedHead(key, head, signature))?.head.position ?? 0;

const exportedHead = ({ signature, publicKey, ...head }: ExportedHead): CheckedHead => ({
  head,
  signature: Buffer.from(signature, "base64url"),
  publicKey,
  name: `the exported head signed at ${head.signedAt}`,
});

type ChainEnds = { first: number; last: number; hashes: Map<number, Buffer> };

function checkHead(
  { key, tenantId }: Asked,
  chain: ChainEnds,
  { head, signature, publicKey, name }: CheckedHead,
) {
  const { position } = head;
  if (head.tenantId !== tenantId)
    return [finding("signature_wrong", {}, `${capital(name)} is of another tenant.`)];
  if (!isSignedHead(key, head, signature)) {
    const why =
      publicKey !== undefined && publicKey !== key.publicKey
        ? "was signed with another instance key."
        : "does not carry this installation's signature: it was changed or made by somebody else.";
    return [finding("signature_wrong", { position }, `${name} ${why}`)];
  }
  if (position > chain.last) {
    const words = `the chain was cut: ${name} says that it reached position ${position}, and it ends at ${chain.last}.`;
    return [finding("tail_cut", { position }, words)];
  }
  const found = chain.hashes.get(position);
  // Before the kept part: a retention has removed it, and its mark is checked. In a gap: that is said already.
  if (position < chain.first || !found || found.toString("hex") === head.hash) return [];
  return [
    finding("rewritten", { position }, `the chain was rewritten: it does not hold what ${name} names.`),
  ];
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
