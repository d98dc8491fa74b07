import type { Job } from "#server/context.ts";
import { wipeExpiredSeals } from "../credentials/store.ts";

/**
 * What nobody needs any more: sessions that ended, throttling counters that ran out, and sealed passwords too old to sign in
 * with (of somebody suspended before their email went).
 */
export const housekeepingJob: Job = {
  name: "housekeeping.tidy",
  cron: "17 * * * *",
  run: async (_payload, { database }) => {
    const now = new Date();
    await database.asSystem("remove what has run out", async (tx) => {
      await tx.run("delete from sessions where expires_at < $1", [now]);
      await tx.run("delete from rate_limits where expire < $1", [now.getTime()]);
      await wipeExpiredSeals(tx, now);
    });
  },
};
