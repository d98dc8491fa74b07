import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./cluster-processes.ts";
import { launchServer, type ServerOptions } from "./launch-server.ts";
import { pollUntil } from "./poll-until.ts";
import type { Cluster } from "./prepare-cluster.ts";
import { serverPid, stopLeftovers } from "./stop-leftovers.ts";

const stopPatienceMs = 60_000;
const lastMomentsMs = 10_000;
const steadyAfterMs = 60_000;

/** Serves the cluster; resolves, with how to stop it, when it answers. A server killed meanwhile is started again. */
export async function runServer(cluster: Cluster, options: ServerOptions): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const first = await launchServer(cluster, options, stopping.signal);
  const served = keepServing(first.ended, stopping.signal);
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };

  async function keepServing(firstEnd: Promise<string>, signal: AbortSignal): Promise<void> {
    let since = Date.now();
    let reason = await firstEnd;
    for (let quickEnds = 0; !signal.aborted; ) {
      quickEnds = Date.now() - since < steadyAfterMs ? quickEnds + 1 : 0;
      options.log(`PostgreSQL ended unexpectedly, starting it again: ${reason}`);
      await sleep(Math.min(30, quickEnds) * 1_000, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      since = Date.now();
      reason = await serveOnce(signal);
    }
  }

  /** Until it ends; the reason. */
  async function serveOnce(signal: AbortSignal): Promise<string> {
    try {
      return await (await launchServer(cluster, options, signal)).ended;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async function stop(): Promise<void> {
    const pid = serverPid(cluster.clusterDir);
    stopping.abort();
    await Promise.race([served, sleep(stopPatienceMs, undefined, { ref: false })]);
    await stopLeftovers(cluster.clusterDir, options.log);
    // A server removes its pid file shortly before it is gone; where the watching shell died nobody else waits for that.
    // By its number alone: a process about to be gone has no command line any more.
    if (pid !== undefined) await pollUntil(() => !isAlive(pid), lastMomentsMs);
  }
}
