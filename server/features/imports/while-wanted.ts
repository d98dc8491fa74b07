import type { Door } from "#server/context.ts";
import { readImport } from "./store.ts";

/** Somebody cancelled the import, or the server is stopping: leave it as it is. */
export class CheckStopped extends Error {
  override name = "CheckStopped";
}

/** Of two checks of an import, as when a lock is lost unnoticed, the later one goes on: it has another number. */
export type Attempt = { importId: string; attempt: number };
/** `stopped`: the server stops, or somebody else may be at it. */
export type Check = Attempt & { stopped: () => boolean };

const lookMs = 500;

/**
 * Reads files for as long as somebody waits for it. A workbook can take minutes before there is anything to write, and a thread
 * that is at it hears nothing: so it is looked meanwhile whether the import still is to be checked, by this one.
 */
export async function whileWanted<T>(
  door: Door,
  { importId, attempt, stopped }: Check,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const unwanted = new AbortController();
  const isWanted = async () => {
    if (stopped()) return false;
    const found = await door.run((ctx) => readImport(ctx, importId));
    return found?.state === "checking" && found.check_attempts === attempt;
  };
  let timer: NodeJS.Timeout;
  const look = async () => {
    // A database that does not answer is met by the work itself.
    if (!(await isWanted().catch(() => true))) unwanted.abort(new CheckStopped());
    else if (!done) timer = setTimeout(look, lookMs);
  };
  let done = false;
  timer = setTimeout(look, lookMs);
  try {
    return await work(unwanted.signal);
  } finally {
    done = true;
    clearTimeout(timer);
  }
}
