import { groupNameKey } from "../../../groups/group-name.ts";

type KnownGroup = (key: string) => boolean;

/**
 * The group names in one cell. `;` separates; a comma does so only where the whole is no group's name, and groups
 * whose own names have a comma are kept together: `Sales, North, Staff`.
 */
export function splitGroups(cell: string, isKnown: KnownGroup): string[] {
  if (cell.includes(";")) return named(cell.split(";"));
  if (!cell.includes(",") || isKnown(groupNameKey(cell))) return named([cell]);
  return named(joinKnown(cell.split(","), isKnown));
}

const named = (parts: string[]) => parts.map((part) => part.trim()).filter(Boolean);

/** More commas than this are no list of names; joining every two of them would take quadratic time. */
const longestJoin = 8;

function joinKnown(parts: string[], isKnown: KnownGroup): string[] {
  const groups: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let end = Math.min(parts.length, at + longestJoin);
    while (end > at + 1 && !isKnown(groupNameKey(parts.slice(at, end).join(",")))) end--;
    groups.push(parts.slice(at, end).join(","));
    at = end;
  }
  return groups;
}
