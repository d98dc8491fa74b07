import type { DatabaseTrouble } from "#server/platform/db/database-trouble.ts";
import type { ImportRecord } from "./store.ts";

const words: Record<DatabaseTrouble, { is: string; was: string; mend: string }> = {
  away: {
    is: "The connection to the database is lost.",
    was: "For a day the database could not be reached long enough to finish this import",
    mend: "Whoever runs Muster finds the reason in its log.",
  },
  disk_full: {
    is: "The database's disk is full.",
    was: "The database's disk was full for a day",
    mend: "Whoever runs Muster has to make room.",
  },
  out_of_memory: {
    is: "The database has run out of memory.",
    was: "The database was out of memory for a day",
    mend: "Whoever runs Muster has to give it more.",
  },
};

/** What an import waits for that goes on by itself; null where nothing holds it up. */
export function describeTrouble({ trouble, state }: Pick<ImportRecord, "trouble" | "state">): string | null {
  if (!trouble) return null;
  const { is, mend } = words[trouble];
  if (state === "checking")
    return `${is} Nothing was imported; the files are kept and are read again by themselves, every few minutes. ${mend}`;
  const what = state === "undoing" ? "What is undone is undone" : "What is imported stays";
  return `${is} ${what}, and the rest goes on by itself, tried every few minutes. ${mend}`;
}

/** Why an import that could not get on was given up. */
export function gaveUp({ state, applied_row }: ImportRecord, kind: DatabaseTrouble): string {
  const { was, mend } = words[kind];
  const done =
    state === "applying" && applied_row > 0
      ? "What was imported until then stays, the rest was not imported"
      : "Nothing was imported";
  return `${was}, so Muster does not try again. ${done}, and the uploaded files have been removed. ${mend} Then choose the files again.`;
}
