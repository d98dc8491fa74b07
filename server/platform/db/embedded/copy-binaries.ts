import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Binaries } from "./find-binaries.ts";
import { linkLibraries } from "./link-libraries.ts";

/** Copies the binaries into `parent`, under a name made of version and content, unless that copy is there already. */
export function copyBinaries(found: Binaries, parent: string, log: (message: string) => void): string {
  const target = join(parent, `postgresql-${found.version}-${fingerprint(found.dir)}`, "native");
  if (existsSync(target)) return target;
  const staging = join(parent, `.staging-${randomBytes(6).toString("hex")}`);
  try {
    cpSync(found.dir, join(staging, "native"), { recursive: true, verbatimSymlinks: true });
    linkLibraries(join(staging, "native"));
    openToAll(staging);
    renameSync(staging, dirname(target));
    log(`PostgreSQL cannot run from ${found.dir}, so its binaries were copied to ${target}`);
  } catch (error) {
    if (!existsSync(target)) throw error; // else another Muster was quicker
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return target;
}

function fingerprint(folder: string): string {
  const hash = createHash("sha256");
  for (const file of filesIn(folder)) hash.update(file.slice(folder.length)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Whatever the umask was: readable by all, writable by the owner alone. */
function openToAll(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o111 ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}
