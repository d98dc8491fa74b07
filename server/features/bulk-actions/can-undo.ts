import type { BulkActionName } from "./contract.ts";
import type { BulkRecord } from "./store.ts";

/** What takes back what an action did. Emails have gone; deleted users are restored one by one. */
export const inverses: Partial<Record<BulkActionName, BulkActionName>> = {
  add_to_groups: "remove_from_groups",
  remove_from_groups: "add_to_groups",
  suspend: "reactivate",
  reactivate: "suspend",
};

export const canUndo = ({ action, state, counts, undo_started_by }: BulkRecord) =>
  action in inverses &&
  (state === "finished" || state === "cancelled") &&
  undo_started_by === null &&
  (counts.changed ?? 0) > 0;
