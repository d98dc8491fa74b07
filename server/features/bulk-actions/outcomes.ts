import type { OutcomeOf } from "./store.ts";
import type { Classified } from "./store-people.ts";

export const isChanging = ({ reason, unchanged }: Classified) => !reason && !unchanged;

/** Those who are left as they are, by why. */
export function refusedOf(people: readonly Classified[], outcome: "refused" | "kept"): OutcomeOf[] {
  const byReason = Map.groupBy(people, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, refused]) =>
    reason ? [{ outcome, about: reason, userIds: refused.map(({ id }) => id) }] : [],
  );
}
