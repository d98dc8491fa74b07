import { groupNameKey, typedGroupNameMaximum } from "../../../groups/group-name.ts";

type KnownGroup = (key: string) => boolean;

/**
 * The group names in one cell. `;` separates; a comma does so only where the whole is no group's name, and groups
 * whose own names have a comma are kept together: `Sales, North, Staff`.
 */
export function splitGroups(cell: string, isKnown: KnownGroup): string[] {
  if (cell.includes(";")) return named(cell.split(";"));
  if (!cell.includes(",") || isGroup(cell, isKnown)) return named([cell]);
  const parts = cell.split(",");
  return named(parts.length > mostJoined ? parts : joinKnown(parts, isKnown));
}

// Longer is no group's name, and folding it would take time that grows with the square of its length.
const isGroup = (text: string, isKnown: KnownGroup) =>
  text.length <= typedGroupNameMaximum && isKnown(groupNameKey(text));

const named = (parts: string[]) => parts.map((part) => part.trim()).filter(Boolean);

/** A name with more commas than this is none; joining every two parts would take quadratic time. */
const longestJoin = 8;
/** And more parts than this are no list of names. */
const mostJoined = 1000;

function joinKnown(parts: string[], isKnown: KnownGroup): string[] {
  const groups: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let end = Math.min(parts.length, at + longestJoin);
    while (end > at + 1 && !isGroup(parts.slice(at, end).join(","), isKnown)) end--;
    groups.push(parts.slice(at, end).join(","));
    at = end;
  }
  return groups;
}
