import type { Job } from "#server/context.ts";
import { removeExpiredBegun } from "./store-begun.ts";

/** Sign-ins that nobody went on with: a password that was chosen with one is not kept for long when it is of no use any more. */
export const tidyBegunJob: Job = {
  name: "begun_sign_ins.tidy",
  lane: "quick",
  cron: "*/5 * * * *",
  run: async (_payload, { database }) => {
    await database.asSystem("remove sign-ins that were not finished", (tx) =>
      removeExpiredBegun(tx, new Date()),
    );
  },
};
