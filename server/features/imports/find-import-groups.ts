import { setImmediate as othersFirst } from "node:timers/promises";
import { distance } from "fastest-levenshtein";
import type { ImportGroup } from "./store-rows.ts";

type Known = { id: string; name: string; name_key: string };
type Named = ReadonlyMap<string, { name: string; rows: number }>;

/** The screen shows no more unknown names than this, those of most rows. */
export const mostShownGroups = 200;
/** Comparisons for a name: some milliseconds. */
const mostCompared = 2000;

/**
 * Which group each name in the files stands for or, where there is none, which one it comes nearest to. Lets others go
 * first between two names: with thousands of groups it takes a second.
 */
export async function findImportGroups(named: Named, known: readonly Known[]): Promise<ImportGroup[]> {
  const ids = new Map(known.map((group) => [group.name_key, group.id]));
  const shown = [...named]
    .filter(([nameKey]) => !ids.has(nameKey))
    .sort(([, one], [, other]) => other.rows - one.rows)
    .slice(0, mostShownGroups);
  const byLength = Map.groupBy(known, (group) => group.name_key.length);
  const nearestIds = new Map<string, string | null>();
  for (const [nameKey] of shown) {
    nearestIds.set(nameKey, nearest(nameKey, byLength));
    await othersFirst();
  }
  return [...named].map(([nameKey, { name, rows }]) => ({
    nameKey,
    name,
    rows,
    groupId: ids.get(nameKey) ?? null,
    nearestId: nearestIds.get(nameKey) ?? null,
  }));
}

/** At most a third of the letters may differ: anything farther is no typing error. */
function nearest(nameKey: string, byLength: ReadonlyMap<number, readonly Known[]>): string | null {
  let best: { id: string; distance: number } | undefined;
  const most = Math.floor(nameKey.length / 3);
  let compared = 0;
  for (const length of lengthsAround(nameKey.length, most)) {
    for (const group of byLength.get(length) ?? []) {
      if (!beginsOrEndsAlike(nameKey, group.name_key)) continue;
      if (++compared > mostCompared) return best?.id ?? null;
      const far = isSwapped(nameKey, group.name_key) ? 1 : distance(nameKey, group.name_key);
      if (far <= most && (!best || far < best.distance)) best = { id: group.id, distance: far };
    }
  }
  return best?.id ?? null;
}

/** Two neighbouring letters in the wrong order are one slip of the fingers, not two wrong letters. */
function isSwapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
}

/** The same length first: the fewer letters are missing, the likelier it is. */
function* lengthsAround(length: number, most: number) {
  yield length;
  for (let off = 1; off <= most; off++) yield* [length - off, length + off];
}

const beginsOrEndsAlike = (one: string, other: string) => one[0] === other[0] || one.at(-1) === other.at(-1);
