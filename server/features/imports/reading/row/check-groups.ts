import { clipText } from "#server/platform/text/clip-text.ts";
import { checkGroupName } from "../../../groups/group-name.ts";
import type { CheckedRow } from "../types.ts";
import { cellOf, note, type RowReading, refuse } from "./row-reading.ts";
import { splitGroups } from "./split-groups.ts";

/** One person is in fewer groups than this; a cell with more is no list of groups. */
const groupsMaximum = 500;
/** All of their names with what separates them; a row can hold twenty times as much, which is then not even split. */
const cellsMaximum = groupsMaximum * 102;

/** Names and, at the same places, what decides whether two of them are the same. */
type Groups = Pick<CheckedRow, "groupNames" | "groupKeys">;

/** The groups of a row, each once however it is written; whether they exist is decided by the database. */
export function checkGroups(reading: RowReading, knownGroup: (key: string) => boolean): Groups {
  const names = new Map<string, string>();
  let length = 0;
  for (const column of reading.mapping.groups) {
    const cell = cellOf(reading, column);
    if (cell === "") continue;
    length += cell.length;
    const parts = length > cellsMaximum ? [] : splitGroups(cell, knownGroup);
    if (length > cellsMaximum || names.size + parts.length > groupsMaximum) {
      const message = `A user can be in at most ${groupsMaximum} groups. Leave some out.`;
      refuse(reading, column, { code: "too_many_groups", message, read: cell });
      continue;
    }
    for (const part of parts) addGroup(reading, column, { names, part });
  }
  return { groupNames: [...names.values()], groupKeys: [...names.keys()] };
}

type Addition = { names: Map<string, string>; part: string };

function addGroup(reading: RowReading, column: number, { names, part }: Addition) {
  const checked = checkGroupName(part);
  if (!checked.ok) {
    // Nothing but invisible characters between two separators is no group.
    if (checked.code !== "required") refuse(reading, column, { ...checked, read: part });
    return;
  }
  note(reading, column, checked.notes);
  if (!names.has(checked.key)) names.set(checked.key, checked.name);
}

/** As they stand in the file: a row that is mended elsewhere loses none of its groups. Of more than fit they are cut off. */
export function groupCells(reading: RowReading): string[] {
  let left = cellsMaximum;
  return reading.mapping.groups.map((column) => {
    const cell = left > 0 ? clipText(cellOf(reading, column), left) : "";
    left -= cell.length;
    return cell;
  });
}
