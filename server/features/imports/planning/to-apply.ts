import type { ImportRecord } from "../store.ts";

/** How many users Import CSV would make or change now. */
export function toApply({ state, counts, create_missing_groups }: ImportRecord) {
  const { ready = 0, update = 0, unknown_group = 0 } = counts;
  return (
    ready + update + (create_missing_groups && ["checked", "applying"].includes(state) ? unknown_group : 0)
  );
}
