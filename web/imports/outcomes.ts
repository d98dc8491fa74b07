import type { Import, ImportRow } from "#server/features/imports/contract.ts";
import type { Shape } from "../ui/status-mark.tsx";
import { listing, number, people } from "../ui/words.ts";
import { undoWord } from "./row-words.ts";

export type Outcome = ImportRow["outcome"];
type Look = { shape: Shape; tone: "ok" | "plain" | "warn" | "bad"; word: string };

/** Each outcome in the words of the screen. */
const outcomeLooks: Record<Outcome, Look> = {
  problem: { shape: "problem", tone: "bad", word: "Problem" },
  unknown_group: { shape: "problem", tone: "warn", word: "Unknown group" },
  duplicate: { shape: "half", tone: "warn", word: "Twice in the file" },
  ready: { shape: "empty", tone: "ok", word: "New" },
  update: { shape: "half", tone: "ok", word: "Changed" },
  unchanged: { shape: "full", tone: "plain", word: "Unchanged" },
  existing: { shape: "half", tone: "plain", word: "Already a user" },
  created: { shape: "full", tone: "ok", word: "Created" },
  invited: { shape: "full", tone: "ok", word: "Invited" },
  suspended: { shape: "half", tone: "warn", word: "Created, suspended" },
  updated: { shape: "full", tone: "ok", word: "Changed" },
  skipped: { shape: "half", tone: "plain", word: "Skipped" },
  conflict: { shape: "problem", tone: "warn", word: "Left alone" },
  undone: { shape: "empty", tone: "plain", word: "Undone" },
  kept: { shape: "full", tone: "warn", word: "Kept" },
};

/** The same, where the state of the import says more: a ticked box, a cancellation. */
export function lookOf(outcome: Outcome, found: Pick<Import, "state" | "createMissingGroups">): Look {
  if (outcome === "unknown_group" && found.createMissingGroups && !isOver(found)) {
    return { shape: "empty", tone: "ok", word: "New, with a new group" };
  }
  if ((outcome === "ready" || outcome === "update") && isOver(found))
    return { shape: "empty", tone: "plain", word: "Not imported" };
  return outcomeLooks[outcome];
}

/** The same of one row: of whom undoing erased, gave back what they had, or left alone, and why. */
export function lookOfRow(row: ImportRow, found: Pick<Import, "state" | "createMissingGroups">): Look {
  const look = lookOf(row.outcome, found);
  const word = undoWord(row);
  if (word) return { ...look, word };
  return row.outcome === "ready" && row.suspended ? { ...look, word: `${look.word}, suspended` } : look;
}

/** Problems first: what needs somebody stands before what goes by itself. */
const order = Object.keys(outcomeLooks) as Outcome[];
const applied: readonly Outcome[] = [
  "undone",
  "kept",
  "created",
  "invited",
  "suspended",
  "updated",
  "conflict",
  "skipped",
  "problem",
  "unknown_group",
  "duplicate",
  "existing",
  "unchanged",
  "ready",
  "update",
];

export const isOver = ({ state }: Pick<Import, "state">) =>
  ["finished", "cancelled", "failed", "undoing", "undo_stopped", "undone"].includes(state);
export const isMoving = ({ state }: Pick<Import, "state">) =>
  ["uploading", "checking", "applying", "undoing"].includes(state);

/** Emails of a finished import on their way, in the next moments elsewhere. */
export const mailMoves = (found: Import) =>
  isOver(found) && (found.messages?.queued ?? 0) + (found.messages?.sending ?? 0) > 0;

/** Or not now: they are tried again, or it is their time, later. */
export const mailWaits = (found: Import) =>
  isOver(found) && (found.messages?.deferred ?? 0) + (found.messages?.scheduled ?? 0) > 0;

/** An upload that was looked at and never applied: nobody was made by it. */
export const onlyTried = ({ state, startedAt }: Pick<Import, "state" | "startedAt">) =>
  state === "checked" || (state === "cancelled" && startedAt === null);

/** The outcomes there are rows of, in the order in which they are shown. */
export const outcomesOf = (found: Import) =>
  (isOver(found) ? applied : order).filter((outcome) => (found.counts[outcome] ?? 0) > 0);

/** In words what Import CSV does, to how many: who is made, who is changed. */
export function planInWords(found: Import): string {
  const { update = 0 } = found.counts;
  const done: [number, string][] = [
    [found.toApply - update, verbOf(found.files)],
    [update, "changed"],
    [found.leavers?.ticked ?? 0, "suspended later"],
  ];
  const told = done.filter(([value]) => value > 0);
  return listing(
    told.map(([value, verb], n) =>
      n === 0 ? `${people(value)} will be ${verb}` : `${number(value)} ${verb}`,
    ),
  );
}

/** What pressing Import CSV does, to how many. */
export function verbOf(files: Import["files"]) {
  const kinds = new Set(files.map((file) => file.kind).filter(Boolean));
  if (kinds.size > 1) return "created or invited";
  return kinds.has("invite") ? "invited" : "created";
}
