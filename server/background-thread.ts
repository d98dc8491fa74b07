import { access } from "node:fs/promises";
import { constants, getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { jobs } from "./app.ts";
import { openPrepared, type Seed } from "./open-installation.ts";
import { startBackground } from "./start-background.ts";

// Run by run-background.ts: says "ready", and ends when told to stop.

// Node's pool of threads is one for all and is started by whoever first needs it: by us, it would step back, too.
await access(import.meta.dirname);
// Linux alone takes this for the thread that asks; elsewhere it would be the whole server. A server that is further back already stays there.
const { PRIORITY_BELOW_NORMAL: behind } = constants.priority;
if (process.platform === "linux" && getPriority() < behind) setPriority(behind);

const installation = openPrepared(workerData as Seed, { modest: true });
const background = await startBackground(installation, jobs);
parentPort?.once("message", async () => {
  await background.stop();
  await installation.close();
  // Whatever still waits for a time waits in vain.
  process.exit();
});
parentPort?.postMessage("ready");
