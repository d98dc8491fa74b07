import { setTimeout as wait } from "node:timers/promises";
import type { Context, Door } from "#server/context.ts";
import { type DatabaseTrouble, databaseTrouble } from "#server/platform/db/database-trouble.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { noteFailed } from "./check-import.ts";
import { endEarly } from "./decide-import.ts";
import { gaveUp } from "./describe-trouble.ts";
import { type ImportRecord, readImport, writeImport } from "./store.ts";
import { wakeImports } from "./wake-imports.ts";

/** An import that the database cannot get on with is given up after this long: its upload holds passwords. */
const patienceHours = 24;
/** It is tried again when it has waited as long again as before, but not sooner and not later than this. */
const soonestMs: Record<DatabaseTrouble, number> = { away: 0, disk_full: 15_000, out_of_memory: 15_000 };
const latestMs = 5 * 60_000;

type Place = { importId: string; signal: AbortSignal };

/**
 * Does a piece of an import's work. Where the database cannot do it, which is not the file's fault, that is noted with the
 * import, and the work is done later.
 */
export async function patiently(door: Door, { importId, signal }: Place, work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    const trouble = databaseTrouble(error);
    if (!trouble) throw error;
    door.log.warn({ err: error, importId }, "the database cannot get on with an import; it is tried again");
    await asSoonAsPossible(signal, () => door.run((ctx) => postpone(ctx, importId, trouble)));
  }
}

const againAfterMs = 1000;

/** The same trouble may keep it from being noted. Unnoted it would count as a death of the server. */
async function asSoonAsPossible(signal: AbortSignal, work: () => Promise<void>) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !databaseTrouble(error)) throw error;
      await wait(againAfterMs, undefined, { signal }).catch(() => {});
    }
  }
}

async function postpone(ctx: Context, importId: string, kind: DatabaseTrouble) {
  const found = await readImport(ctx, importId, "lock");
  // Somebody has cancelled it meanwhile, or it is done: only the answer was lost.
  if (!found || !["checking", "applying", "undoing"].includes(found.state)) return;
  const since = found.trouble_since ?? ctx.now;
  if (found.state !== "undoing" && hoursAfter(since, patienceHours) <= ctx.now)
    return giveUp(ctx, found, kind);
  const waited = ctx.now.getTime() - since.getTime();
  const pause = Math.min(Math.max(waited, soonestMs[kind]), latestMs);
  const retryAt = new Date(ctx.now.getTime() + pause);
  await writeImport(ctx, importId, {
    trouble: { kind, since, retryAt },
    // Nobody died of reading it.
    ...(found.state === "checking" && { checkAttempts: Math.max(found.check_attempts - 1, 0) }),
  });
  await wakeImports(ctx, found.state === "checking" ? "check" : "apply", retryAt);
}

/** What holds the passwords is wiped by a job: that too takes room. */
async function giveUp(ctx: Context, found: ImportRecord, kind: DatabaseTrouble) {
  const problem = gaveUp(found, kind);
  if (found.state === "applying") return endEarly(ctx, found, problem);
  await noteFailed(ctx, found.id, problem);
  await wakeImports(ctx, "wipe");
}
