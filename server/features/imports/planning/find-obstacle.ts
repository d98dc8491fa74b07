import type { Context } from "#server/context.ts";
import type { Import } from "../shapes.ts";
import { type Counts, type ImportRecord, listFiles, type PlanFacts } from "../store.ts";
import { toApply } from "./to-apply.ts";

export type Obstacle = NonNullable<Import["obstacle"]>;

/** Why carrying out a plan would do nothing; null where it would do something. */
export async function findObstacle(
  ctx: Context,
  found: ImportRecord,
  { leavers, back }: PlanFacts,
): Promise<Obstacle | null> {
  if (toApply(found) === 0 && leavers.ticked === 0 && back === 0) return nothingToImport(found);
  return found.all_or_nothing ? findProblems(ctx, found) : null;
}

function nothingToImport({ counts, create_missing_groups }: ImportRecord): Obstacle {
  const { rows = 0, unchanged = 0, existing = 0, duplicate = 0 } = counts;
  // Whoever stands in the file twice is there already the first time.
  if (rows > 0 && unchanged + existing + duplicate === rows) {
    const as = existing + duplicate > 0 ? "" : ", exactly as the file says";
    return {
      reason: "nothing_changes",
      message: `There is nothing to import: everybody in the file is here already${as}.`,
    };
  }
  const reasons = rows === 0 ? ["Nobody is in the file."] : reasonsOf(counts, create_missing_groups);
  return { reason: "nobody_ready", message: ["There is nothing to import.", ...reasons].join(" ") };
}

/** What every other row needs, and who is left. */
function reasonsOf(counts: Counts, makesGroups: boolean): string[] {
  const { problem = 0, unknown_group: waiting = 0, unchanged = 0, existing = 0 } = counts;
  const there = unchanged + existing;
  return [
    ...(problem > 0 ? [`${rowsHave(problem)}: mend ${problem === 1 ? "it" : "them"}.`] : []),
    ...(waiting > 0 && !makesGroups
      ? [
          `${number(waiting)} ${waiting === 1 ? "row waits" : "rows wait"} for a group that does not exist: have it created, or say which one is meant.`,
        ]
      : []),
    ...(there > 0 ? [`${number(there)} ${there === 1 ? "person is" : "people are"} here already.`] : []),
  ];
}

/** All or nothing: one row, or one file, is enough. */
async function findProblems(ctx: Context, found: ImportRecord): Promise<Obstacle | null> {
  const unread = (await listFiles(ctx, [found.id])).find((file) => file.problem !== null);
  if (unread)
    return {
      reason: "rows_have_problems",
      message: `All or nothing is chosen, and ${unread.name} cannot be read. Leave it out or mend it, or choose to import the others.`,
    };
  const { problem = 0, unknown_group = 0 } = found.counts;
  const wrong = problem + (found.create_missing_groups ? 0 : unknown_group);
  if (wrong === 0) return null;
  const what = wrong === 1 ? "it" : "them";
  return {
    reason: "rows_have_problems",
    message: `All or nothing is chosen, and ${rowsHave(wrong)}. Mend ${what}, or choose to import the others.`,
  };
}

const number = (value: number) => value.toLocaleString("en");
const rowsHave = (rows: number) =>
  `${number(rows)} ${rows === 1 ? "row has a problem" : "rows have problems"}`;
