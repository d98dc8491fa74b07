import type { Import } from "#server/features/imports/contract.ts";
import { count, listing } from "../ui/words.ts";

type Rows = { counts: Partial<Import["counts"]>; createMissingGroups: boolean };

/** Why rows are left out, each reason with its number; nothing where none is. */
export function leftOut({ counts, createMissingGroups }: Rows) {
  const { problem = 0, unknown_group = 0, duplicate = 0, conflict = 0 } = counts;
  const reasons = [
    ...(problem > 0 ? [`${count(problem, "row has a problem", "rows have problems")}`] : []),
    ...(unknown_group > 0 && !createMissingGroups
      ? [`${count(unknown_group, "row waits", "rows wait")} for a group that does not exist`]
      : []),
    ...(duplicate > 0 ? [`${count(duplicate, "row stands", "rows stand")} in the file twice`] : []),
    ...(conflict > 0
      ? [`${count(conflict, "row is", "rows are")} of people or groups changed meanwhile`]
      : []),
  ];
  return reasons.length > 0 ? `Left out: ${listing(reasons)}.` : "";
}
