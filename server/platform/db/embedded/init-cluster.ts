import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { supervise } from "./supervise.ts";

const stagingPrefix = "postgres.new-";

type Recipe = {
  baseDir: string;
  clusterDir: string;
  binariesDir: string;
  account: Account | undefined;
  superuserPassword: string;
  durable: boolean;
};

/** Makes the cluster unless it is there. It gets its name only when complete, so a kill halfway leaves nothing usable. */
export async function initCluster(recipe: Recipe): Promise<void> {
  removeStaging(recipe.baseDir);
  if (existsSync(recipe.clusterDir)) return;
  const staging = join(recipe.baseDir, stagingPrefix + randomBytes(4).toString("hex"));
  try {
    mkdirSync(staging, { mode: 0o700 });
    const passwordFile = join(staging, "password");
    writeFileSync(passwordFile, recipe.superuserPassword, { mode: 0o600 });
    for (const path of [staging, passwordFile]) {
      if (recipe.account) chownSync(path, recipe.account.uid, recipe.account.gid);
    }
    await runInitdb(recipe, join(staging, "cluster"), passwordFile);
    renameSync(join(staging, "cluster"), recipe.clusterDir);
    if (recipe.durable) syncFolder(recipe.baseDir);
  } finally {
    removeStaging(recipe.baseDir);
  }
}

async function runInitdb(recipe: Recipe, target: string, passwordFile: string): Promise<void> {
  const options = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"];
  const access = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const args = [`--pgdata=${target}`, ...options, ...access, ...(recipe.durable ? [] : ["--no-sync"])];
  const initdb = supervise(join(recipe.binariesDir, "bin", "initdb"), args, recipe.account);
  const code = await initdb.ended;
  if (code === 0) return;
  throw new Error(
    `PostgreSQL could not make its database in ${recipe.baseDir}: ${initdb.complaints() || `exit ${code}`}`,
  );
}

/** Whatever an interrupted start left. One still being written to is removed by a later start. */
function removeStaging(baseDir: string): void {
  for (const name of readdirSync(baseDir).filter((entry) => entry.startsWith(stagingPrefix))) {
    try {
      rmSync(join(baseDir, name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // unused, whoever holds it
    }
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}
