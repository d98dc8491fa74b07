import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { RoleConnections } from "./platform/db/prepare-database.ts";

/**
 * Runs the background jobs in a thread of their own, with connections of its own: composing emails, reading files and
 * collecting the garbage of both would otherwise hold up whoever waits for a page.
 */
export async function runBackground(connections: RoleConnections) {
  const thread = new Worker(new URL("./background-thread.ts", import.meta.url), { workerData: connections });
  await once(thread, "message");
  // What nobody caught there ends the server, as it does here.
  thread.on("error", (error) => {
    throw error;
  });
  return {
    stop: async () => {
      thread.postMessage("stop");
      await once(thread, "exit");
    },
  };
}
