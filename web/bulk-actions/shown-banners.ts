import type { BulkAction } from "#server/features/bulk-actions/contract.ts";
import { atWork } from "./words.ts";

/** A result is shown for so long unless it is dismissed. */
const shownMs = 60 * 60_000;

/** As it is dismissed: what it comes to later is news again. */
export const nameOf = ({ id, state }: BulkAction) => `${id}:${state}`;

type Seen = { dismissed: readonly string[]; now: number };

const endOf = ({ finishedAt, startedAt }: BulkAction) => Date.parse(finishedAt ?? startedAt);

/**
 * Of somebody's actions those to tell of on top of every screen: what is at work or, where nothing is, the latest result, which an
 * undo has too. The others stand in the list of bulk actions, and would fill a telephone.
 */
export function shownBanners(own: readonly BulkAction[], { dismissed, now }: Seen): BulkAction[] {
  const working = own.filter(atWork);
  if (working.length > 0) return working;
  const [latest] = own.toSorted((one, other) => endOf(other) - endOf(one));
  const isShown = latest && !dismissed.includes(nameOf(latest)) && endOf(latest) > now - shownMs;
  return isShown ? [latest] : [];
}
