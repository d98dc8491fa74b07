import type { Job } from "#server/context.ts";
import { wipeExpiredSeals } from "../credentials/store.ts";
import { daysAfter } from "../credentials/validity.ts";
import { withdrawStaleFirst } from "../mail/store-pending.ts";
import { newBrowserKind } from "./notice-browser.ts";
import { browserDays } from "./session-cookie.ts";
import { removeExpiredSessions, removeRunOutLimits } from "./store.ts";
import { removeOldBrowsers } from "./store-browsers.ts";

/**
 * What nobody needs any more: sessions that ended, browsers not used any more, notices of a sign-in that come too late to
 * be news, throttling counters that ran out, and sealed passwords too old to sign in with (of somebody suspended before their
 * email went).
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
      await withdrawStaleFirst(tx, { ...staleNotice, createdBefore: daysAfter(now, -1), now });
      await removeRunOutLimits(tx, now);
      await wipeExpiredSeals(tx, now);
    });
  },
};

const staleNotice = {
  kind: newBrowserKind,
  why: "It had not gone within a day: too late to tell of a sign-in.",
};
