import type { Tx } from "#server/platform/db/tx.ts";
import { type Personal, personalDigest } from "../personal.ts";
import { diagnose, type Suspect } from "./diagnose.ts";
import { type Finding, finding } from "./finding.ts";
import { linkHash } from "./link-hash.ts";
import { type LinkedRow, linksAfter } from "./store-chain.ts";

const batchLinks = 5000;
/** Of a chain that is wrong throughout the first ones say enough. */
const mostSuspects = 500;

export type Start = { position: number; hash: Buffer | null };
export type Walked = {
  events: number;
  /** Events whose personal values have been erased. */
  erased: number;
  findings: Finding[];
  /** The hashes at the positions that were asked for. */
  hashes: Map<number, Buffer>;
};

/** Recomputes every link after the start. Each is held against the stored hash before it, so that one fault is one finding. */
export async function walkChain(
  tx: Tx,
  tenantId: string,
  { start, wanted }: { start: Start; wanted: Set<number> },
) {
  const walked: Walked = { events: 0, erased: 0, findings: [], hashes: new Map() };
  const suspects: Suspect[] = [];
  let { position, hash: before } = start;
  let ought: Buffer | null = null;
  for (;;) {
    const rows = await linksAfter(tx, tenantId, { position, most: batchLinks });
    for (const row of rows) {
      const here = Number(row.position);
      if (here > position + 1) {
        walked.findings.push(gap(position + 1, here - 1));
        before = ought = null;
      }
      if (wanted.has(here)) walked.hashes.set(here, row.hash);
      const due = checkLink(tenantId, { row, before, ought, last: suspects.at(-1), position: here });
      if (due.suspect && suspects.length < mostSuspects) suspects.push(due.suspect);
      note(walked, row, here);
      ought = due.ought;
      before = row.hash;
      position = here;
    }
    if (rows.length < batchLinks) break;
  }
  walked.findings.push(...diagnose(tenantId, suspects));
  walked.findings.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  return walked;
}

type Step = {
  row: LinkedRow;
  before: Buffer | null;
  ought: Buffer | null;
  last: Suspect | undefined;
  position: number;
};

/** After a gap there is nothing to hold a link against. */
function checkLink(tenantId: string, { row, before, ought, last, position }: Step) {
  if (!row.event || !before) return { ought: null };
  const expected = linkHash(before, tenantId, row.event);
  if (expected.equals(row.hash)) return { ought: null };
  if (ought && last && linkHash(ought, tenantId, row.event).equals(row.hash)) {
    last.eventFits = true;
    return { ought: null };
  }
  return { ought: expected, suspect: { position, row, before } };
}

function note(walked: Walked, row: LinkedRow, position: number) {
  const where = { position, eventId: row.event_id, at: row.event?.at };
  if (!row.event) {
    walked.findings.push(finding("removed", where, "this event was removed."));
    return;
  }
  walked.events += 1;
  const digest = row.event.personal_digest;
  if (row.values_missed) walked.findings.push(finding("values_removed", where, valuesRemoved));
  else if (!row.salt) walked.erased += digest ? 1 : 0;
  else if (!digest?.equals(personalDigest(row.salt, row.content as Personal)))
    walked.findings.push(finding("values_changed", where, "its values before and after were changed."));
}

const valuesRemoved =
  "its values before and after were removed, and not with a person: whom or what it is about is not erased.";

const gap = (first: number, last: number) =>
  finding(
    "removed",
    { position: first },
    first === last
      ? "this event and its link were removed; the one after it cannot be checked."
      : `the events and links of positions ${first} to ${last} were removed; the one after them cannot be checked.`,
  );
