import type { BulkAction } from "#server/features/bulk-actions/contract.ts";
import { atWork } from "./words.ts";

/** A result is shown for so long unless it is dismissed. */
const shownMs = 60 * 60_000;

/** As it is dismissed: what it comes to later is news again. */
export const nameOf = ({ id, state }: BulkAction) => `${id}:${state}`;

type Seen = { dismissed: readonly string[]; now: number };

/**
 * Of somebody's actions, the newest first, those to tell of on top of every screen: what is at work, and the latest result. The
 * others stand in the list of bulk actions, and would fill a telephone.
 */
export function shownBanners(own: readonly BulkAction[], { dismissed, now }: Seen): BulkAction[] {
  const latest = own.find((bulk) => !atWork(bulk));
  return own.filter((bulk) => {
    if (dismissed.includes(nameOf(bulk))) return false;
    return atWork(bulk) || (bulk === latest && Date.parse(bulk.finishedAt ?? bulk.startedAt) > now - shownMs);
  });
}
