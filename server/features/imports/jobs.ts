import type { Door, Job } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import { isDatabaseAway } from "#server/platform/db/is-database-away.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { applyImport } from "./apply-import.ts";
import { CheckStopped, checkImport, failImport } from "./check-import.ts";
import { listUnfinishedImports, nextToApply, wipeUpload, writeImport } from "./store.ts";

/** An import that is checked and not applied is given up after this long: its upload holds passwords. */
const keepUploadHours = 24;
const uploadHours = 2;

type Payload = Record<string, string>;
type Stopped = () => boolean;

/** One worker for a piece of work at a time, whichever process it is in; it stops when the server does. */
const alone =
  (
    nameOf: (payload: Payload) => string,
    work: (door: Door, payload: Payload, stopped: Stopped) => Promise<void>,
  ): Job["run"] =>
  async (payload, services) => {
    const door = await services.door(payload.tenantId ?? "");
    if (!door) return;
    await exclusively(services.database, nameOf(payload), (lost) =>
      work(door, payload, () => services.signal.aborted || lost.aborted),
    );
  };

const checkJob: Job = {
  name: "imports.check",
  run: alone(
    ({ importId }) => `imports.check:${importId}`,
    async (door, { importId = "" }, stopped) => {
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
    },
  ),
};

/** The imports of one tenant queue, first pressed first; those of different tenants run side by side. */
const applyJob: Job = {
  name: "imports.apply",
  run: alone(
    ({ tenantId }) => `imports.apply:${tenantId}`,
    async (door, _payload, stopped) => {
      while (!stopped()) {
        const next = await door.run(nextToApply);
        if (!next) return;
        await applyImport(door, next, stopped);
      }
    },
  ),
};

/** Removes an import's upload and the passwords that were in it: of a million rows that takes a while. */
const wipeJob: Job = {
  name: "imports.wipe",
  run: async ({ tenantId = "", importId = "" }, services) => {
    await services.inTenant(tenantId, (ctx) => wipeUpload(ctx, importId));
  },
};

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

export const importJobs = [checkJob, applyJob, wipeJob, sweepJob];
