import type { Import } from "#server/features/imports/contract.ts";
import type { Shape } from "../ui/status-mark.tsx";
import { count, number, people } from "../ui/words.ts";

type Look = { shape: Shape; tone: "ok" | "plain" | "warn" | "bad"; word: string };
/** Each state of an import by shape, colour and word. */
export const importLooks: Record<Import["state"], Look> = {
  uploading: { shape: "half", tone: "plain", word: "Uploading" },
  checking: { shape: "half", tone: "plain", word: "Checking" },
  checked: { shape: "empty", tone: "warn", word: "Not imported yet" },
  applying: { shape: "half", tone: "ok", word: "Importing" },
  finished: { shape: "full", tone: "ok", word: "Done" },
  cancelled: { shape: "empty", tone: "plain", word: "Cancelled" },
  failed: { shape: "problem", tone: "bad", word: "Failed" },
  undoing: { shape: "half", tone: "warn", word: "Undoing" },
  undo_stopped: { shape: "problem", tone: "warn", word: "Undo stopped" },
  undone: { shape: "empty", tone: "plain", word: "Undone" },
};

/** What it came to, or how far it is. */
export function importResult({ state, counts, rows, applied, toApply }: Import): string {
  if (state === "applying") return `${number(applied)} of ${people(applied + toApply)}`;
  const { existing = 0, unchanged = 0, skipped = 0 } = counts;
  const there = existing + unchanged + skipped;
  const same = there > 0 ? [`${number(there)} here already`] : [];
  if (state === "checked") return [`${number(toApply)} of ${count(rows, "row")} ready`, ...same].join(", ");
  if (state === "uploading" || state === "checking") return rows > 0 ? `${count(rows, "row")} read` : "";
  const { created = 0, invited = 0, suspended = 0, updated = 0, problem = 0, undone = 0, kept = 0 } = counts;
  const made = created + invited + suspended;
  if (state === "undoing" || state === "undo_stopped" || state === "undone") {
    const left = state === "undo_stopped" ? made + updated : 0;
    return [
      `${people(undone)} as before`,
      kept > 0 && `${number(kept)} kept`,
      left > 0 && `${number(left)} not undone`,
    ]
      .filter(Boolean)
      .join(", ");
  }
  const parts = [made > 0 ? `${people(made)} imported` : updated > 0 ? "" : "nobody imported"].filter(
    Boolean,
  );
  if (updated > 0) parts.push(`${number(updated)} changed`);
  if (problem > 0) parts.push(count(problem, "problem"));
  return [...parts, ...same].join(", ");
}
