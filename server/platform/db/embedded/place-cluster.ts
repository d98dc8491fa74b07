import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Account, canEnter } from "./account.ts";
import { systemFolder } from "./system-folder.ts";

/** `baseDir` holds the cluster, its log and its socket: the data directory itself wherever PostgreSQL can reach it. */
export type Place = { baseDir: string; clusterDir: string };

type Pointer = { note: string; path: string; initialised: boolean };

/**
 * Decides where the cluster lives. A user PostgreSQL has to run as may be shut out of the data directory (a project
 * in root's home); the cluster then lives in the system folder, and a file in the data directory says where.
 */
export function placeCluster(
  dataDir: string,
  account: Account | undefined,
  log: (message: string) => void,
): Place {
  const pointer = readPointer(dataDir);
  if (pointer) return followPointer(dataDir, pointer);
  if (account) openTo(dataDir, account);
  if (canEnter(dataDir, account)) return placeIn(dataDir);
  if (existsSync(join(dataDir, "postgres"))) throw new Error(shutOut(dataDir, account));
  const path = join(systemFolder(), `data-${randomBytes(6).toString("hex")}`);
  writePointer(dataDir, { note: pointerNote, path, initialised: false });
  log(`The user ${account?.name} cannot reach ${dataDir}, so the database itself is kept in ${path}`);
  return followPointer(dataDir, { note: pointerNote, path, initialised: false });
}

/** Where the cluster is, or would be when nothing is decided yet. */
export function clusterPath(dataDir: string): string {
  return placeIn(readPointer(dataDir)?.path ?? dataDir).clusterDir;
}

/** From now on a missing cluster is a lost one, not one to make. */
export function markInitialised(dataDir: string): void {
  const pointer = readPointer(dataDir);
  if (pointer && !pointer.initialised) writePointer(dataDir, { ...pointer, initialised: true });
}

const pointerNote =
  "Muster's PostgreSQL may not run as root and its user cannot reach this folder, so the database is in the folder " +
  "named here. Back up and move both together. Do not delete this file: Muster would start with an empty database.";

function placeIn(baseDir: string): Place {
  return { baseDir, clusterDir: join(baseDir, "postgres") };
}

function followPointer(dataDir: string, pointer: Pointer): Place {
  const place = placeIn(pointer.path);
  if (pointer.initialised && !existsSync(place.clusterDir)) {
    throw new Error(
      `The database of this Muster was in ${place.clusterDir} and is gone. Bring it back from a backup, or delete ` +
        `${pointerFile(dataDir)} to start with an empty one.`,
    );
  }
  mkdirSync(place.baseDir, { recursive: true, mode: 0o711 });
  writeFileSync(
    join(place.baseDir, "README.txt"),
    `The database of the Muster whose data directory is ${dataDir}\n`,
  );
  return place;
}

/** Lets PostgreSQL's user pass through a directory only root may enter, and nobody else. */
function openTo(dataDir: string, account: Account): void {
  const { mode, uid, gid } = statSync(dataDir);
  const groupIsOurs = (mode & 0o070) === 0 || gid === process.getgid?.();
  if (uid !== process.getuid?.() || (mode & 0o007) !== 0 || !groupIsOurs) return;
  chownSync(dataDir, uid, account.gid);
  chmodSync(dataDir, 0o710);
}

function shutOut(dataDir: string, account: Account | undefined): string {
  return (
    `The database in ${join(dataDir, "postgres")} belongs to the user ${account?.name ?? process.getuid?.()}, who ` +
    "cannot get into that folder (one of the folders above it is closed to others). Move the folder to where that " +
    "user can reach it, such as /srv or /opt, or run Muster as the user who owns the folders."
  );
}

const pointerFile = (dataDir: string) => join(dataDir, "postgres.location");

function readPointer(dataDir: string): Pointer | undefined {
  if (!existsSync(pointerFile(dataDir))) return undefined;
  return JSON.parse(readFileSync(pointerFile(dataDir), "utf8")) as Pointer;
}

function writePointer(dataDir: string, pointer: Pointer): void {
  const file = pointerFile(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(pointer, null, 2)}\n`, { flush: true });
  renameSync(`${file}.new`, file);
}
