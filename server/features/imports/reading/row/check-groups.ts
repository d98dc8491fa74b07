import { clipText } from "#server/platform/text/clip-text.ts";
import { checkGroupName } from "../../../groups/group-name.ts";
import type { CheckedRow } from "../types.ts";
import { cellOf, note, type RowReading, refuse } from "./row-reading.ts";
import { splitGroups } from "./split-groups.ts";

/** One person is in fewer groups than this; a cell with more is no list of groups. */
const groupsMaximum = 500;
/** All of their names with what separates them; a row can hold twenty times as much, which is then not even split. */
const cellsMaximum = groupsMaximum * 102;

/** What one group cell holds; `tooLong`: of a text that is no list of groups only the beginning, and not split with care. */
type GroupCell = { column: number; cell: string; parts: string[]; tooLong: boolean };

/** The group cells of a row that have something in them, each taken apart. */
export function splitCells(reading: RowReading, knownGroup: (key: string) => boolean): GroupCell[] {
  let left = cellsMaximum;
  return reading.mapping.groups.flatMap((column): GroupCell[] => {
    const cell = cellOf(reading, column);
    if (cell === "") return [];
    const tooLong = cell.length > left;
    const parts = tooLong ? clipText(cell, left).split(";") : splitGroups(cell, knownGroup);
    left = Math.max(left - cell.length, 0);
    return [{ column, cell, parts, tooLong }];
  });
}

/** As they were split: a row that is mended elsewhere loses none of its groups, and none becomes two. */
export const partsOf = (cells: readonly GroupCell[]): string[] =>
  cells.flatMap(({ parts }) => parts.filter(Boolean).map((part) => clipText(part, cellsMaximum)));

/** Names and, at the same places, what decides whether two of them are the same. */
type Groups = Pick<CheckedRow, "groupNames" | "groupKeys">;

/** The groups of a row, each once however it is written; whether they exist is decided by the database. */
export function checkGroups(reading: RowReading, cells: readonly GroupCell[]): Groups {
  const names = new Map<string, string>();
  for (const { column, cell, parts, tooLong } of cells) {
    if (tooLong || names.size + parts.length > groupsMaximum) {
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
