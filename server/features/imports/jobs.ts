import type { Job, JobServices } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import { isDatabaseAway } from "#server/platform/db/is-database-away.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { applyImport } from "./apply-import.ts";
import { CheckStopped, checkImport, failImport } from "./check-import.ts";
import { listUnfinishedImports, wipeUpload, writeImport } from "./store.ts";

/** An import that is checked and not applied is given up after this long: its upload holds passwords. */
const keepUploadHours = 24;
const uploadHours = 2;

type Work = (
  door: NonNullable<Awaited<ReturnType<JobServices["door"]>>>,
  importId: string,
  stopped: () => boolean,
) => Promise<void>;

/** One worker for an import at a time, whichever process it is in; stops when the server does. */
const workOn =
  (what: string, work: Work): Job["run"] =>
  async ({ tenantId = "", importId = "" }, services) => {
    const door = await services.door(tenantId);
    if (!door) return;
    await exclusively(services.database, `${what}:${importId}`, (lost) =>
      work(door, importId, () => services.signal.aborted || lost.aborted),
    );
  };

const checkJob: Job = {
  name: "imports.check",
  run: workOn("imports.check", async (door, importId, stopped) => {
    try {
      await checkImport(door, importId, stopped);
    } catch (error) {
      if (error instanceof CheckStopped) return;
      if (isDatabaseAway(error)) throw error;
      door.log.error({ err: error, importId }, "checking an import failed");
      await door.run((ctx) =>
        failImport(
          ctx,
          importId,
          "Something went wrong on our side while the file was read. Nothing was imported. Whoever runs Muster finds the reason in its log.",
        ),
      );
    }
  }),
};

const applyJob: Job = { name: "imports.apply", run: workOn("imports.apply", applyImport) };

/** Finds again what a lost job or a killed server left unfinished, and gives up what nobody came back for. */
const sweepJob: Job = {
  name: "imports.sweep",
  cron: "* * * * *",
  run: async (_payload, services) => {
    const unfinished = await services.database.asSystem("find unfinished imports", listUnfinishedImports);
    for (const { tenant_id: tenantId, id: importId, state, updated_at } of unfinished) {
      if (state === "checking" || state === "applying") {
        const name = state === "checking" ? "imports.check" : "imports.apply";
        await services.enqueue(name, { tenantId, importId }, { key: `${name}:${importId}` });
      } else if (hoursAfter(updated_at, state === "checked" ? keepUploadHours : uploadHours) < new Date()) {
        await services.inTenant(tenantId, async (ctx) => {
          const problem = "Nobody applied this import in time. The uploaded file has been removed.";
          await writeImport(ctx, importId, { state: "cancelled", problem, finishedAt: ctx.now });
          await wipeUpload(ctx, importId);
        });
      }
    }
  },
};

export const importJobs = [checkJob, applyJob, sweepJob];
