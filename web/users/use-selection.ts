import { useState } from "react";
import type { User } from "#server/features/users/contract.ts";

/** Who is ticked, as they were when that was done: these, or everybody who matches but those. */
type Ticked = { of: string; all: boolean; people: ReadonlyMap<string, User> };

export type Selection = {
  count: number;
  all: boolean;
  /** Who is ticked one by one, whatever page they are on; nobody where it is everybody who matches. */
  people: readonly User[];
  has(id: string): boolean;
  set(people: readonly User[], ticked: boolean): void;
  selectAll(): void;
  clear(): void;
  /** As the server is asked. */
  body(filter: object): { ids: string[] } | { filter: object; excluded: string[] };
};

/** What the list shows of them: its filter in a word, how many match, and who is on this page, as they are now. */
type Listed = { list: string; total: number | undefined; shown: readonly User[] | undefined };

/** Ticks outlive turning the page, not another filter. */
export function useSelection({ list, total, shown = [] }: Listed): Selection {
  const nobody: Ticked = { of: list, all: false, people: new Map() };
  const [kept, keep] = useState(nobody);
  const ticked = kept.of === list ? kept : nobody;
  const { all, people } = ticked;
  const now = new Map(shown.map((user) => [user.id, user]));
  return {
    count: all ? Math.max((total ?? 0) - people.size, 0) : people.size,
    all,
    people: all ? [] : [...people.values()].map((user) => now.get(user.id) ?? user),
    has: (id) => people.has(id) !== all,
    set: (users, on) => {
      const next = new Map(people);
      for (const user of users) {
        if (on === all) next.delete(user.id);
        else next.set(user.id, user);
      }
      keep({ ...ticked, people: next });
    },
    selectAll: () => keep({ of: list, all: true, people: new Map() }),
    clear: () => keep(nobody),
    body: (filter) => (all ? { filter, excluded: [...people.keys()] } : { ids: [...people.keys()] }),
  };
}
