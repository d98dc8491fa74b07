import type { AriaAttributes } from "react";

type GridRole = "grid" | "rowgroup" | "row" | "columnheader" | "gridcell";

/** A role written out, because the layout of a table's elements was changed and some browsers then forget theirs. */
export const withRole = (role: GridRole, aria: AriaAttributes = {}) => ({ role, ...aria });
