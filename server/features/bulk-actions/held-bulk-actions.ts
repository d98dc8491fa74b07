import type { HeldData } from "../users/held-data/held-data.ts";
import { outcomesOf } from "./store-people.ts";

/** Ids and nothing else: of whoever is erased theirs is nobody's any more (decision 21), and undoing counts on it. */
export const heldBulkActions: HeldData = {
  name: "bulkActions",
  read: (ctx, { id }) => outcomesOf(ctx, id),
  erase: async () => {},
};
