import { groupNameKey } from "../groups/group-name.ts";
import type { CheckedRow } from "./reading/types.ts";
import type { FileChoice } from "./store.ts";

/** The groups that everybody of a file is put into, by the key of their names. */
export const everybodysGroups = ({ addGroups = [] }: FileChoice): ReadonlyMap<string, string> =>
  new Map(addGroups.map((name) => [groupNameKey(name), name]));

/** Puts whoever a row is about into these groups too, also where the row is still to be mended. */
export function putInto(
  { groupKeys, groupNames, groupParts }: CheckedRow,
  groups: ReadonlyMap<string, string>,
) {
  for (const [key, name] of groups) {
    if (groupKeys.includes(key)) continue;
    groupKeys.push(key);
    groupNames.push(name);
    groupParts.push(name);
  }
}
