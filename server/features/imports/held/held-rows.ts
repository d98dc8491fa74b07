import type { HeldData } from "../../users/held-data/held-data.ts";
import { blankRows, leavingOf, rowsAbout, whoIsInOpenImport } from "./store-held.ts";

const why =
  "They stand in the file of an import that is not finished. Finish or cancel it first; one that is not applied is given up after a day.";

/** What stood in files about people: read, and of whoever is erased made blank. */
export const heldRows: HeldData = {
  name: "imports",
  read: rowsAbout,
  inUse: async (ctx, people) => new Map((await whoIsInOpenImport(ctx, people)).map((id) => [id, why])),
  erase: blankRows,
};

/** From which files somebody was missing, and what that comes to; erased with their rows. */
export const heldLeavers: HeldData = {
  name: "missingFromImports",
  read: leavingOf,
  erase: async () => {},
};
