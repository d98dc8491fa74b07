import type { Import, ImportRow } from "#server/features/imports/contract.ts";
import type { Shape } from "../ui/status-mark.tsx";

export type Outcome = ImportRow["outcome"];
type Look = { shape: Shape; tone: "ok" | "plain" | "warn" | "bad"; word: string };

/** Each outcome in the words of the screen. */
const outcomeLooks: Record<Outcome, Look> = {
  problem: { shape: "problem", tone: "bad", word: "Problem" },
  unknown_group: { shape: "problem", tone: "warn", word: "Unknown group" },
  duplicate: { shape: "half", tone: "warn", word: "Twice in the file" },
  ready: { shape: "empty", tone: "ok", word: "Ready" },
  existing: { shape: "half", tone: "plain", word: "Already a user" },
  created: { shape: "full", tone: "ok", word: "Created" },
  invited: { shape: "full", tone: "ok", word: "Invited" },
  suspended: { shape: "half", tone: "warn", word: "Created, suspended" },
  skipped: { shape: "half", tone: "plain", word: "Skipped" },
};

/** The same, where the state of the import says more: a ticked box, a cancellation. */
export function lookOf(outcome: Outcome, found: Pick<Import, "state" | "createMissingGroups">): Look {
  if (outcome === "unknown_group" && found.createMissingGroups && !isOver(found)) {
    return { shape: "empty", tone: "ok", word: "Ready, with a new group" };
  }
  if (outcome === "ready" && isOver(found)) return { shape: "empty", tone: "plain", word: "Not imported" };
  return outcomeLooks[outcome];
}

/** Problems first: what needs somebody stands before what goes by itself. */
const order = Object.keys(outcomeLooks) as Outcome[];
const applied: readonly Outcome[] = [
  "created",
  "invited",
  "suspended",
  "skipped",
  "problem",
  "unknown_group",
  "duplicate",
  "existing",
  "ready",
];

export const isOver = ({ state }: Pick<Import, "state">) =>
  ["finished", "cancelled", "failed"].includes(state);
export const isMoving = ({ state }: Pick<Import, "state">) =>
  ["uploading", "checking", "applying"].includes(state);

/** An upload that was looked at and never applied: nobody was made by it. */
export const onlyTried = ({ state, startedAt }: Pick<Import, "state" | "startedAt">) =>
  state === "checked" || (state === "cancelled" && startedAt === null);

/** The outcomes there are rows of, in the order in which they are shown. */
export const outcomesOf = (found: Import) =>
  (isOver(found) ? applied : order).filter((outcome) => (found.counts[outcome] ?? 0) > 0);

/** What pressing Import CSV does, to how many. */
export function verbOf(files: Import["files"]) {
  const kinds = new Set(files.map((file) => file.kind).filter(Boolean));
  if (kinds.size > 1) return "created or invited";
  return kinds.has("invite") ? "invited" : "created";
}
