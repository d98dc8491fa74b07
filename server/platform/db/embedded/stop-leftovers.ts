import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, isServerOf, strayBackends } from "./cluster-processes.ts";
import { pollUntil } from "./poll-until.ts";

/** Ends the PostgreSQL a killed Muster left on this cluster. The caller holds the lock, so nobody else is using it. */
export async function stopLeftovers(clusterDir: string, log: (message: string) => void): Promise<void> {
  const pidFile = join(clusterDir, "postmaster.pid");
  const pid = serverPid(clusterDir);
  if (pid !== undefined) {
    if (isAlive(pid) && isServerOf(pid, clusterDir)) await stopServer(pid, log);
    else forgetPid(pidFile);
  }
  await stopStrays(clusterDir, log);
}

async function stopServer(pid: number, log: (message: string) => void): Promise<void> {
  log(`PostgreSQL ${pid} of an earlier run is still there: stopping it`);
  for (const [signal, patienceMs] of [
    ["SIGINT", 30_000],
    ["SIGQUIT", 15_000],
  ] as const) {
    process.kill(pid, signal);
    if (await pollUntil(() => !isAlive(pid), patienceMs)) return;
  }
  throw new Error(
    `PostgreSQL ${pid} of an earlier run does not stop. End it by hand (kill ${pid}), then start again.`,
  );
}

async function stopStrays(clusterDir: string, log: (message: string) => void): Promise<void> {
  const strays = strayBackends(clusterDir);
  if (strays.length === 0) return;
  log(`${strays.length} PostgreSQL processes outlived their server: stopping them`);
  for (const pid of strays) if (isAlive(pid)) process.kill(pid, "SIGQUIT");
  if (await pollUntil(() => !strays.some(isAlive), 15_000)) return;
  throw new Error(
    `PostgreSQL processes of an earlier run do not stop: ${strays.join(", ")}. End them by hand.`,
  );
}

/** The process that the cluster's pid file names; whether it lives, and is that server, is another matter. */
export function serverPid(clusterDir: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(clusterDir, "postmaster.pid"), "utf8"), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The number may belong to another program by now, or to a dead one nobody collected (a container without an init);
 * PostgreSQL would take either for a live server. The file itself must stay: its shared memory key is how PostgreSQL
 * notices surviving backends. So only the number changes, to one no kernel hands out.
 */
function forgetPid(pidFile: string): void {
  writeFileSync(pidFile, readFileSync(pidFile, "utf8").replace(/^\d+/, "2147483646"), { flag: "r+" });
}
