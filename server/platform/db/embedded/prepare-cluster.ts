import { join } from "node:path";
import type { Account } from "./account.ts";
import { checkCluster } from "./check-cluster.ts";
import { chooseAccount } from "./choose-account.ts";
import { dropBigLogs } from "./drop-big-logs.ts";
import { findBinaries } from "./find-binaries.ts";
import { initCluster } from "./init-cluster.ts";
import { ownFolder } from "./own-folder.ts";
import { placeBinaries } from "./place-binaries.ts";
import { clusterPath, markInitialised, placeCluster } from "./place-cluster.ts";
import { socketFolder } from "./socket-folder.ts";

/** A complete cluster, and all it takes to serve it. */
export type Cluster = {
  clusterDir: string;
  socketDir: string;
  logDir: string;
  binariesDir: string;
  account: Account | undefined;
};

type Request = {
  dataDir: string;
  superuserPassword: string;
  log: (message: string) => void;
  settings?: Record<string, string>;
  /** Called with the cluster's folder when that is not the data directory: a copied data directory names it too. */
  lockBase: (folder: string) => void;
};

/** Finds or makes the cluster of this data directory, on ground that PostgreSQL's user can reach. */
export async function prepareCluster(request: Request): Promise<Cluster> {
  const { dataDir, log } = request;
  const found = findBinaries();
  const account = chooseAccount(clusterPath(dataDir));
  const binariesDir = placeBinaries(found, dataDir, account, log);
  const { baseDir, clusterDir } = placeCluster(dataDir, account, log);
  if (baseDir !== dataDir) request.lockBase(baseDir);
  const durable = request.settings?.fsync !== "off";
  const { superuserPassword } = request;
  await initCluster({ baseDir, clusterDir, binariesDir, account, superuserPassword, durable });
  markInitialised(dataDir);
  checkCluster(clusterDir, account, found.version);
  const logDir = join(baseDir, "postgres-log");
  ownFolder(logDir, account);
  dropBigLogs(logDir);
  return { clusterDir, socketDir: socketFolder(baseDir, account), logDir, binariesDir, account };
}
