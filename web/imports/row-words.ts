import type { ImportRow } from "#server/features/imports/contract.ts";

const undoWords: Record<NonNullable<ImportRow["undo"]>, string> = {
  erased: "Undone: erased",
  restored: "Given back",
  signed_in: "Kept: signed in",
  changed: "Kept: changed",
  listed: "Kept: in a later file",
  gone: "Deleted since",
  partly_changed: "Partly undone",
};

/** What undoing did with whom a row is about. */
export const undoWord = ({ undo }: Pick<ImportRow, "undo">): string | undefined =>
  undo ? undoWords[undo] : undefined;

const blankWords: Partial<Record<string, string>> = {
  undone: "erased",
  erased: "erased",
  forgotten: "removed",
};

/** Why nothing stands in any of a row's cells that its file had filled. */
export const blankWord = ({ problems }: Pick<ImportRow, "problems">): string | undefined =>
  problems.map(({ code }) => blankWords[code]).find((word) => word !== undefined);
