import type { Import } from "#server/features/imports/contract.ts";
import { number, people } from "../ui/words.ts";

/** Whom undoing erased or gave back what they had, and whom it left alone; of one that was stopped, who is still to come. */
export function whatWasUndone({
  state,
  undone,
  counts,
}: Pick<Import, "state" | "undone" | "counts">): string {
  const { kept = 0, created = 0, invited = 0, suspended = 0, updated = 0 } = counts;
  const left = created + invited + suspended + updated;
  const { erased = 0, emailed = 0, restored = 0 } = undone ?? {};
  const [were, rows] = erased === 1 ? ["was", "row"] : ["were", "rows"];
  const sentences = [
    erased > 0 && `${people(erased)} ${were} erased, and with them what their ${rows} said.`,
    emailed > 0 &&
      `${whoWas(emailed, erased)} sent an email before: its links and passwords do not work any more.`,
    restored > 0 && `${people(restored)} got back what the import had changed.`,
    kept > 0 && `${people(kept)} had signed in or changed since, see below.`,
    left > 0 && `${people(left)} ${left === 1 ? "is" : "are"} as the import left them.`,
    state === "undone" && "The same file can be imported anew.",
  ];
  return sentences.filter(Boolean).join(" ");
}

function whoWas(some: number, all: number): string {
  if (some < all) return `${number(some)} of them ${some === 1 ? "was" : "were"}`;
  return all === 1 ? "They were" : "All of them were";
}
