import { join } from "node:path";
import { connectWhenReady } from "./connect-when-ready.ts";
import type { Cluster } from "./prepare-cluster.ts";
import { serverSettings } from "./server-settings.ts";
import { stopLeftovers } from "./stop-leftovers.ts";
import { supervise } from "./supervise.ts";

export type ServerOptions = {
  superuserPassword: string;
  log: (message: string) => void;
  settings?: Record<string, string>;
};

/** Only part of the socket's name: nothing listens on the network. */
export const port = 5432;

/** Starts the server once; resolves when it answers. It ends when `stop` fires; `ended` says why it ended. */
export async function launchServer(
  cluster: Cluster,
  options: ServerOptions,
  stop: AbortSignal,
): Promise<{ ended: Promise<string> }> {
  await stopLeftovers(cluster.clusterDir, options.log);
  const server = supervise(
    join(cluster.binariesDir, "bin", "postgres"),
    serverArguments(cluster, options),
    cluster.account,
  );
  stop.addEventListener("abort", server.release, { once: true });
  if (stop.aborted) server.release();
  const why = (code: number) => server.complaints() || `exit ${code}; its log is in ${cluster.logDir}`;
  const ended = server.ended.then(why).finally(() => stop.removeEventListener("abort", server.release));
  const address = { socketDir: cluster.socketDir, port, password: options.superuserPassword };
  try {
    if (await connectWhenReady(address, server, options.log)) return { ended };
  } catch (error) {
    server.release();
    await ended;
    throw error;
  }
  server.release();
  throw new Error(`PostgreSQL did not start: ${await ended}`);
}

function serverArguments(cluster: Cluster, options: ServerOptions): string[] {
  const settings = serverSettings(cluster, options.settings);
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", cluster.clusterDir, "-p", String(port), ...flags];
}
