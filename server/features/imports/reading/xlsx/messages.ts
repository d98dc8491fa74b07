import type { FileProblem } from "../types.ts";

/** What the thread that reads a workbook is asked, one thing at a time, and what it answers. */
export type Request = { what: "open"; sheet?: string } | { what: "rows" } | { what: "more" };
export type Answer =
  | { what: "opened"; sheets: string[]; sheet: string }
  | { what: "piece"; piece: Uint8Array }
  | { what: "end" }
  | { what: "unreadable"; problem: FileProblem };
