import { useState } from "react";

/** Who is ticked: these, or everybody who matches but those. */
type Ticked = { of: string; all: boolean; ids: ReadonlySet<string> };

export type Selection = {
  count: number;
  all: boolean;
  has(id: string): boolean;
  set(ids: readonly string[], ticked: boolean): void;
  selectAll(): void;
  clear(): void;
  /** As the server is asked. */
  body(filter: object): { ids: string[] } | { filter: object; excluded: string[] };
};

/** Ticks outlive turning the page, not another filter: `list` names what is listed. `total` is how many match. */
export function useSelection(list: string, total: number | undefined): Selection {
  const nobody: Ticked = { of: list, all: false, ids: new Set() };
  const [kept, keep] = useState(nobody);
  const ticked = kept.of === list ? kept : nobody;
  return {
    count: ticked.all ? Math.max((total ?? 0) - ticked.ids.size, 0) : ticked.ids.size,
    all: ticked.all,
    has: (id) => ticked.ids.has(id) !== ticked.all,
    set: (ids, on) => {
      const next = new Set(ticked.ids);
      for (const id of ids) {
        if (on === ticked.all) next.delete(id);
        else next.add(id);
      }
      keep({ ...ticked, ids: next });
    },
    selectAll: () => keep({ of: list, all: true, ids: new Set() }),
    clear: () => keep(nobody),
    body: (filter) => (ticked.all ? { filter, excluded: [...ticked.ids] } : { ids: [...ticked.ids] }),
  };
}
