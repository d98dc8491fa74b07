import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Account, asAccount } from "./account.ts";
import { copyBinaries } from "./copy-binaries.ts";
import { type Binaries, noMusl } from "./find-binaries.ts";
import { linkLibraries } from "./link-libraries.ts";
import { systemFolder } from "./system-folder.ts";

/**
 * The binaries where PostgreSQL's user can run them: as npm installed them, else a copy, which is needed when that
 * user is shut out of the project or the library links cannot be made in a read-only node_modules.
 */
export function placeBinaries(
  found: Binaries,
  dataDir: string,
  account: Account | undefined,
  log: (message: string) => void,
): string {
  const linked = linkLibraries(found.dir);
  if (linked && tryOut(found.dir, account) === "") return found.dir;
  const copy = copyBinaries(found, account ? systemFolder() : dataDir, log);
  const complaint = tryOut(copy, account);
  if (complaint !== "") throw new Error(cannotRun(complaint, copy));
  return copy;
}

/** Empty when it runs. */
function tryOut(binariesDir: string, account: Account | undefined): string {
  const program = join(binariesDir, "bin", "postgres");
  const trial = spawnSync(program, ["--version"], { ...asAccount(account), encoding: "utf8" });
  if (trial.status === 0) return "";
  return trial.error?.message ?? (trial.stderr.trim() || `exit ${trial.status}`);
}

function cannotRun(complaint: string, binariesDir: string): string {
  // A program that is there and "is not there" lacks its loader: glibc.
  if (complaint.includes("ENOENT") && existsSync(join(binariesDir, "bin", "postgres"))) return noMusl;
  return (
    `The PostgreSQL that Muster brings does not run here: ${complaint}. It needs glibc 2.27, libstdc++ and libgcc, ` +
    `and a file system that lets programs run under ${binariesDir}. Or set DATABASE_URL to a PostgreSQL 15 or newer.`
  );
}
