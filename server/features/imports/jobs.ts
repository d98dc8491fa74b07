import type { Context, Door, Job } from "#server/context.ts";
import { databaseTrouble } from "#server/platform/db/database-trouble.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { applyImport } from "./apply-import.ts";
import { checkImport, failImport } from "./check-import.ts";
import { endEarly } from "./decide-import.ts";
import { forgetRows } from "./held/forget-rows.ts";
import { ImportFailure } from "./import-failure.ts";
import { inTurns, type Turn } from "./in-turns.ts";
import { patiently } from "./postpone.ts";
import { refreshStatisticsJob } from "./refresh-statistics.ts";
import { readImport, wipeUpload } from "./store.ts";
import { nextAtWork, nextToCheck, nextToWipe, type RowPlace, wipePasswords } from "./store-work.ts";
import { sweepImports } from "./sweep-imports.ts";
import { undoRows } from "./undoing/undo-rows.ts";
import { CheckStopped } from "./while-wanted.ts";

const onOurSide =
  "Something went wrong on our side while the file was read. Nothing was imported. Whoever runs Muster finds the reason in its log.";

/** A check cannot be left off and gone on with: it is as long as its files. */
const check = (door: Door, { id: importId }: { id: string }, { stopped, signal }: Turn) =>
  patiently(door, { importId, signal }, async () => {
    try {
      await checkImport(door, importId, stopped);
    } catch (error) {
      if (error instanceof CheckStopped) return;
      if (databaseTrouble(error)) throw error;
      door.log.error({ err: error, importId }, "checking an import failed");
      const problem = error instanceof ImportFailure ? error.message : onOurSide;
      await door.run((ctx) => failImport(ctx, importId, problem));
    }
  });

type AtWork = { id: string; state: "applying" | "undoing" };

const apply = (door: Door, { id: importId, state }: AtWork, { over, signal }: Turn) =>
  patiently(door, { importId, signal }, () =>
    (state === "applying" ? applyImport : undoRows)(door, importId, over).catch((error: unknown) => {
      if (!(error instanceof ProblemError) || state !== "applying") throw error;
      return door.run((ctx) => refuse(ctx, importId, error.message));
    }),
  );

/** A rule that holds for people however they come, such as how many there may be: what is done stays, and it says why. */
async function refuse(ctx: Context, importId: string, problem: string) {
  const found = await readImport(ctx, importId, "lock");
  if (found?.state === "applying") await endEarly(ctx, found, problem);
}

/** Rows whose passwords are wiped in a transaction. */
const wipedRows = 20_000;

/** Removes an import's upload and the passwords that were in it: of a million rows that takes a while. */
async function wipe(door: Door, { id }: { id: string }, { over }: Turn) {
  let after: RowPlace | undefined = [0, 0];
  while (after && !over()) {
    const place: { after: RowPlace; most: number } = { after, most: wipedRows };
    after = await door.run((ctx) => wipePasswords(ctx, id, place));
  }
  if (!after) await door.run((ctx) => wipeUpload(ctx, id));
}

const sweepJob: Job = {
  name: "imports.sweep",
  lane: "quick",
  cron: "* * * * *",
  run: (_payload, services) => sweepImports(services),
};

const forgetJob: Job = {
  name: "imports.forget_rows",
  lane: "slow",
  cron: "11 4 * * *",
  run: (_payload, services) => forgetRows(services),
};

/** How long one tenant's work of a kind goes on before it is another one's turn. */
const usualTurnMs = 3000;

/** What one tenant has to do queues, of each kind by itself; the imports it applies and undoes by when that was pressed. */
export const importJobsIn = (turnMs: number): readonly Job[] => [
  inTurns(turnMs, {
    name: "imports.check",
    lane: "slow",
    next: (ctx) => nextToCheck(ctx, "small"),
    work: check,
  }),
  inTurns(turnMs, {
    name: "imports.check_large",
    lane: "long",
    next: (ctx) => nextToCheck(ctx, "large"),
    work: check,
  }),
  inTurns(turnMs, { name: "imports.apply", lane: "slow", next: nextAtWork, work: apply }),
  inTurns(turnMs, { name: "imports.wipe", lane: "slow", next: nextToWipe, work: wipe }),
  refreshStatisticsJob,
  sweepJob,
  forgetJob,
];

export const importJobs = importJobsIn(usualTurnMs);
