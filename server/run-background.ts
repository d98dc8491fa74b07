import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Seed } from "./open-installation.ts";

/**
 * Runs the background jobs in a thread of their own, with connections of its own: composing emails, reading files and
 * collecting the garbage of both would otherwise hold up whoever waits for a page.
 */
export async function runBackground(seed: Seed) {
  const thread = new Worker(new URL("./background-thread.ts", import.meta.url), { workerData: seed });
  const ended = once(thread, "exit");
  await Promise.race([once(thread, "message"), ended.then(endedUnasked)]);
  let stopping = false;
  // What nobody caught there ends the server, as it does here; and no server goes on without its jobs.
  void ended.then(() => stopping || endedUnasked());
  return {
    stop: async () => {
      stopping = true;
      thread.postMessage("stop");
      await ended;
    },
  };
}

function endedUnasked(): never {
  throw new Error("The thread of the background jobs has ended.");
}
