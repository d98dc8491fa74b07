import { accessSync, constants, existsSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { port } from "./launch-server.ts";
import { lockFolder } from "./lock-folder.ts";
import { prepareCluster } from "./prepare-cluster.ts";
import { runServer } from "./run-server.ts";

export type EmbeddedPostgres = {
  socketDir: string;
  port: number;
  user: "postgres";
  password: string;
  /** Ends the server the fast way (open transactions are rolled back) and gives the data directory free. */
  stop(): Promise<void>;
};

type Options = {
  /** Muster's data directory; made when missing. */
  dataDir: string;
  superuserPassword: string;
  log: (message: string) => void;
  /** PostgreSQL settings that win over ours. */
  settings?: Record<string, string>;
};

/** Starts Muster's own PostgreSQL on its data directory; it ends with this process, however that dies. */
export async function startEmbedded(options: Options): Promise<EmbeddedPostgres> {
  const dataDir = openDataDir(options.dataDir);
  const locks = [lockFolder(dataDir)];
  const unlock = () => {
    for (const give of locks.splice(0)) give();
  };
  try {
    const lockBase = (folder: string) => void locks.push(lockFolder(folder));
    const cluster = await prepareCluster({ ...options, dataDir, lockBase });
    const stopServer = await runServer(cluster, options);
    const stop = () => stopServer().finally(unlock);
    return {
      socketDir: cluster.socketDir,
      port,
      user: "postgres",
      password: options.superuserPassword,
      stop,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** One name for one folder: the server found running is recognised by it. */
function openDataDir(givenPath: string): string {
  const path = resolve(givenPath);
  try {
    // Not in one step: the folders above it must not become closed ones, PostgreSQL's user may have to pass them.
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
    const dataDir = realpathSync(path);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return dataDir;
  } catch (cause) {
    const user = process.getuid?.();
    throw new Error(
      `Muster (uid ${user}) cannot use the data directory ${path}: ${(cause as Error).message}`,
      { cause },
    );
  }
}
