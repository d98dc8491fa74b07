import { distance } from "fastest-levenshtein";
import type { ImportGroup } from "./store-rows.ts";

type Known = { id: string; name: string; name_key: string };

/** Which group each name in the files stands for or, where there is none, which one it comes nearest to. */
export function findImportGroups(
  named: ReadonlyMap<string, { name: string; rows: number }>,
  known: readonly Known[],
): ImportGroup[] {
  const ids = new Map(known.map((group) => [group.name_key, group.id]));
  return [...named].map(([nameKey, { name, rows }]) => {
    const groupId = ids.get(nameKey) ?? null;
    return { nameKey, name, rows, groupId, nearestId: groupId ? null : nearest(nameKey, known) };
  });
}

/** At most a third of the letters may differ: anything farther is no typing error. */
function nearest(nameKey: string, known: readonly Known[]): string | null {
  let best: { id: string; distance: number } | undefined;
  const most = Math.floor(nameKey.length / 3);
  for (const group of known) {
    if (Math.abs(group.name_key.length - nameKey.length) > most) continue;
    const far = distance(nameKey, group.name_key);
    if (far <= most && (!best || far < best.distance)) best = { id: group.id, distance: far };
  }
  return best?.id ?? null;
}
