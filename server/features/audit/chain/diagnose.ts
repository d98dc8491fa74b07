import { type Finding, finding } from "./finding.ts";
import { linkHash } from "./link-hash.ts";
import type { LinkedRow } from "./store-chain.ts";

/** A link that does not fit the one before it. */
export type Suspect = {
  position: number;
  row: LinkedRow;
  /** The hash of the link before, as it is stored. */
  before: Buffer;
  /** The link after it fits the hash that this one ought to have: its event is as it was, its hash is not. */
  eventFits?: boolean;
};

/** What happened to links that do not fit: whether two were swapped, one was changed, or one only follows another that was. */
export function diagnose(tenantId: string, suspects: readonly Suspect[]): Finding[] {
  const partners = new Map<Suspect, Suspect>();
  for (const one of suspects) {
    if (partners.has(one)) continue;
    const other = suspects.find((two) => !partners.has(two) && belongsAt(tenantId, one, two));
    // Behind a link that was moved, the next one seems to be in the wrong place too.
    if (!other || movedBefore(tenantId, one, suspects).some((moved) => moved !== other)) continue;
    partners.set(one, other).set(other, one);
  }
  return suspects.flatMap((one) => {
    const other = partners.get(one);
    if (other) return [swapped(one, other)];
    return movedBefore(tenantId, one, suspects).length > 0 ? [] : [changed(one)];
  });
}

/** Does the other's event belong here, be it that the events were exchanged or the links with them? */
function belongsAt(tenantId: string, one: Suspect, other: Suspect) {
  if (one === other || !other.row.event) return false;
  const belongs = linkHash(one.before, tenantId, other.row.event);
  return belongs.equals(one.row.hash) || belongs.equals(other.row.hash);
}

/** Links that stand elsewhere now and that this one fits: then nothing is wrong with this one. */
const movedBefore = (tenantId: string, { row }: Suspect, suspects: readonly Suspect[]) =>
  suspects.filter((other) => row.event && linkHash(other.row.hash, tenantId, row.event).equals(row.hash));

const whereOf = ({ position, row }: Suspect) => ({ position, eventId: row.event_id, at: row.event?.at });

const swapped = (one: Suspect, other: Suspect) =>
  finding(
    "swapped",
    whereOf(one),
    `this event stands in the wrong place: it was swapped with position ${other.position}.`,
  );

const changed = (one: Suspect) =>
  one.eventFits
    ? finding("link_changed", whereOf(one), "the event is as it was, but its place in the chain was changed.")
    : finding(
        "changed",
        whereOf(one),
        "this event was changed after it was chained, or one before it was taken out and those after it moved up.",
      );
