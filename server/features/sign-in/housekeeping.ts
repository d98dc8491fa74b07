import type { Job } from "#server/context.ts";
import { wipeExpiredSeals } from "../credentials/store.ts";
import { daysAfter } from "../credentials/validity.ts";
import { browserDays } from "./session-cookie.ts";
import { removeExpiredSessions, removeRunOutLimits } from "./store.ts";
import { removeOldBrowsers } from "./store-browsers.ts";

/**
 * What nobody needs any more: sessions that ended, browsers not used any more, throttling counters that ran out, and sealed passwords too old to sign in
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
      await removeOldBrowsers(tx, daysAfter(now, -browserDays));
      await removeRunOutLimits(tx, now);
      await wipeExpiredSeals(tx, now);
    });
  },
};
