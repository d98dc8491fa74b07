import type { UndoAction } from "./store-undo.ts";

type Conflict = Exclude<UndoAction, "erase" | "restore">;

export const isConflict = (action: UndoAction): action is Conflict =>
  action !== "erase" && action !== "restore";

/** Why a user is left alone, in words for one of them. */
export const why: Record<Conflict, string> = {
  signed_in: "Has signed in or accepted the invitation since, and stays.",
  changed: "Was changed since the import, and stays as they are.",
  listed: "Is in a file that was imported later too, and stays.",
  gone: "Was deleted since; there is nothing to undo.",
  partly_changed:
    "Names, groups or the language were changed since, and stay; everything else is given back.",
};

/** Which of them a row of an import says; those that an older version wrote have the words. */
export const conflictIn = (kept: string): Conflict | undefined =>
  (Object.keys(why) as Conflict[]).find((code) => code === kept || why[code] === kept);
