import type { Job } from "#server/context.ts";
import { wipeExpiredSeals } from "../credentials/store.ts";
import { removeExpiredSessions, removeRunOutLimits } from "./store.ts";

/**
 * What nobody needs any more: sessions that ended, throttling counters that ran out, and sealed passwords too old to sign in
 * with (of somebody suspended before their email went).
 */
export const housekeepingJob: Job = {
  name: "housekeeping.tidy",
  lane: "quick",
  cron: "17 * * * *",
  run: async (_payload, { database }) => {
    const now = new Date();
    await database.asSystem("remove what has run out", async (tx) => {
      await removeExpiredSessions(tx, now);
      await removeRunOutLimits(tx, now);
      await wipeExpiredSeals(tx, now);
    });
  },
};
