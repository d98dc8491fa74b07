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
export function describeTrouble({ trouble, ...found }: ImportRecord): string | null {
  return trouble && `${words[trouble].is} ${soFar(found)} ${words[trouble].mend}`;
}

function soFar({ state, applied_row }: Pick<ImportRecord, "state" | "applied_row">): string {
  if (state === "checking")
    return "Nothing was imported. Muster keeps the files and tries to read them again every few minutes.";
  const done = applied_row > 0;
  if (state === "undoing")
    return `${done ? "What is undone is undone" : "Nothing was undone yet"}. ${goesOn}`;
  return `${done ? "What is imported stays" : "Nobody was imported yet"}. ${goesOn}`;
}

const goesOn = "Muster tries to go on every few minutes.";

/** Why an import that could not get on was given up. */
export function gaveUp(found: ImportRecord, kind: DatabaseTrouble): string {
  const { was, mend } = words[kind];
  return `${was}, so Muster does not try again. ${whatStays(found)} ${mend} Then choose the files again.`;
}

/** Why one that was not gone on with, as in a tenant that is suspended, was given up. */
export const gaveUpWaiting = (found: ImportRecord): string =>
  `For a day this import could not go on, so Muster does not try again. ${whatStays(found)} Choose the files again.`;

function whatStays({ state, applied_row }: ImportRecord): string {
  const done =
    state === "applying" && applied_row > 0
      ? "What was imported until then stays, the rest was not imported"
      : "Nothing was imported";
  return `${done}, and the uploaded files have been removed.`;
}
