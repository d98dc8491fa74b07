import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes the folder for this process, or throws naming the Muster that has it. The lock is a file lock (Node offers
 * one only through SQLite): the kernel drops it however the process dies, and it holds between two containers that
 * share the folder, where process ids mean nothing. Returns how to give it back.
 */
export function lockFolder(folder: string): () => void {
  const ownerFile = join(folder, "muster.owner");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(folder, "muster.lock"), { timeout: 0 });
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    const since = new Date().toISOString();
    writeFileSync(ownerFile, `process ${process.pid} on ${hostname()}, since ${since}\n`);
  } catch (cause) {
    lock?.close();
    throw new Error(isBusy(cause) ? taken(folder, ownerFile) : unusable(folder, cause), { cause });
  }
  const held = lock;
  return () => held.close();
}

function taken(folder: string, ownerFile: string): string {
  return (
    `Another Muster is using the data in ${folder} (${readOwner(ownerFile)}). ` +
    "Stop that one first, or give this one its own folder with MUSTER_DATA."
  );
}

function unusable(folder: string, cause: unknown): string {
  return (
    `Muster (uid ${process.getuid?.()}) cannot lock the data directory ${folder}: ${(cause as Error).message}. ` +
    "If it was started by another user before, start it as that user again."
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "unknown";
  }
}
