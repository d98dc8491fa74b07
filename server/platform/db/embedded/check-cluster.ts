import { chmodSync, lchownSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";

/** Refuses a cluster these binaries cannot open, and mends what a plain copy of the folder spoils: owner and mode. */
export function checkCluster(
  clusterDir: string,
  account: Account | undefined,
  binariesVersion: string,
): void {
  const { uid, mode } = lstatSync(clusterDir);
  if (account && uid === 0) handOver(clusterDir, account);
  else if (uid !== (account?.uid ?? process.getuid?.())) throw new Error(foreignOwner(clusterDir, uid));
  if ((mode & 0o077) !== 0) chmodSync(clusterDir, 0o700);
  const major = readFileSync(join(clusterDir, "PG_VERSION"), "utf8").trim();
  if (major === binariesVersion.split(".")[0]) return;
  throw new Error(
    `The database in ${clusterDir} was made by PostgreSQL ${major}, and this Muster brings ${binariesVersion}. ` +
      "Start it with the Muster version that made it; with pg_dump of that PostgreSQL it can be brought over.",
  );
}

function handOver(path: string, account: Account): void {
  lchownSync(path, account.uid, account.gid);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}

function foreignOwner(clusterDir: string, uid: number): string {
  return (
    `The database in ${clusterDir} belongs to another user (uid ${uid}), so this one (uid ${process.getuid?.()}) cannot ` +
    'open it. Start Muster as that user or as root, or hand it over: sudo chown -R "$(id -u)" and that folder.'
  );
}
