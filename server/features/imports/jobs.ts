import type { Context, Door, Job, JobServices } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import { isDatabaseAway } from "#server/platform/db/is-database-away.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { applyImport } from "./apply-import.ts";
import { CheckStopped, checkImport, failImport } from "./check-import.ts";
import { ImportFailure } from "./import-failure.ts";
import { tenantsWithLeavers } from "./leavers/store-leavers.ts";
import { suspendLeavers } from "./leavers/suspend-leavers.ts";
import {
  type ImportRecord,
  type ImportState,
  listUnfinishedImports,
  nextAtWork,
  readImport,
  wipeUpload,
  writeImport,
} from "./store.ts";
import { undoRows } from "./undoing/undo-rows.ts";

/** An import that is checked and not applied is given up after this long: its upload holds passwords. */
const keepUploadHours = 24;
const uploadHours = 2;

type Payload = Record<string, string>;
type Stopped = () => boolean;

const lookAgainMs = 3000;

/**
 * One worker for a piece of work at a time, whichever process it is in; it stops when the server does. Whoever comes while
 * another is at it looks again a little later: that one may have been about to leave.
 */
const alone =
  (
    { name, lock }: { name: string; lock: (payload: Payload) => string },
    work: (door: Door, payload: Payload, stopped: Stopped) => Promise<void>,
  ): Job["run"] =>
  async (payload, services) => {
    const door = await services.door(payload.tenantId ?? "");
    if (!door) return;
    const worked = await exclusively(services.database, lock(payload), (lost) =>
      work(door, payload, () => services.signal.aborted || lost.aborted),
    );
    if (worked) return;
    const again = { key: `${lock(payload)}:again`, runAt: new Date(Date.now() + lookAgainMs) };
    await services.enqueue(name, payload, again);
  };

const onOurSide =
  "Something went wrong on our side while the file was read. Nothing was imported. Whoever runs Muster finds the reason in its log.";

const checkJob: Job = {
  name: "imports.check",
  lane: "slow",
  run: alone(
    { name: "imports.check", lock: ({ importId }) => `imports.check:${importId}` },
    async (door, { importId = "" }, stopped) => {
      try {
        await checkImport(door, importId, stopped);
      } catch (error) {
        if (error instanceof CheckStopped) return;
        if (isDatabaseAway(error)) throw error;
        door.log.error({ err: error, importId }, "checking an import failed");
        const problem = error instanceof ImportFailure ? error.message : onOurSide;
        await door.run((ctx) => failImport(ctx, importId, problem));
      }
    },
  ),
};

/** The imports of one tenant queue, applied or undone, first pressed first; those of different tenants run side by side. */
const applyJob: Job = {
  name: "imports.apply",
  lane: "slow",
  run: alone(
    { name: "imports.apply", lock: ({ tenantId }) => `imports.apply:${tenantId}` },
    async (door, _payload, stopped) => {
      while (!stopped()) {
        const next = await door.run(nextAtWork);
        if (!next) return;
        await (next.state === "applying" ? applyImport : undoRows)(door, next.id, stopped);
      }
    },
  ),
};

/** Removes an import's upload and the passwords that were in it: of a million rows that takes a while. */
const wipeJob: Job = {
  name: "imports.wipe",
  lane: "slow",
  run: async ({ tenantId = "", importId = "" }, services) => {
    await services.inTenant(tenantId, (ctx) => wipeUpload(ctx, importId));
  },
};

/** Finds again what a lost job or a killed server left unfinished, and gives up what nobody came back for. */
const sweepJob: Job = {
  name: "imports.sweep",
  lane: "quick",
  cron: "* * * * *",
  run: async (_payload, services) => {
    await suspendDueLeavers(services);
    const unfinished = await services.database.asSystem("find unfinished imports", listUnfinishedImports);
    for (const { tenant_id: tenantId, id: importId, ...found } of unfinished) {
      const name = nextJob[found.state];
      if (name) await services.enqueue(name, { tenantId, importId }, { key: `${name}:${importId}` });
      else if (isForgotten(found)) await services.inTenant(tenantId, (ctx) => giveUp(ctx, importId));
    }
  },
};

/** People missing from their source whose days of grace are over, some hundred at a time. */
async function suspendDueLeavers({ database, inTenant, signal }: JobServices) {
  const tenants = await database.asSystem("find leavers", (tx) => tenantsWithLeavers(tx, new Date()));
  for (const { tenant_id: tenantId } of tenants) {
    while (!signal.aborted && (await inTenant(tenantId, suspendLeavers)));
  }
}

/** What an import that is not wiped waits for; the others wait for somebody. */
const nextJob: Partial<Record<ImportState, string>> = {
  checking: "imports.check",
  applying: "imports.apply",
  undoing: "imports.apply",
  finished: "imports.wipe",
  cancelled: "imports.wipe",
  failed: "imports.wipe",
};

const isForgotten = ({ state, updated_at }: Pick<ImportRecord, "state" | "updated_at">) =>
  (state === "checked" || state === "uploading") &&
  hoursAfter(updated_at, state === "checked" ? keepUploadHours : uploadHours) < new Date();

/** Looks again under the lock: somebody may have come back for it since it was found. */
async function giveUp(ctx: Context, importId: string) {
  const found = await readImport(ctx, importId, "lock");
  if (!found || !isForgotten(found)) return;
  const problem = "Nobody applied this import in time. The uploaded file has been removed.";
  await writeImport(ctx, importId, { state: "cancelled", problem, finishedAt: ctx.now });
  await wipeUpload(ctx, importId);
}

export const importJobs = [checkJob, applyJob, wipeJob, sweepJob];
