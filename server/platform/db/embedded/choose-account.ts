import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { type Account, type AccountLookup, asAccount, lookUpAccount } from "./account.ts";

/**
 * Undefined: PostgreSQL runs as the user Muster runs as. As root, which PostgreSQL refuses, it is whoever owns the
 * cluster already (so that one start with sudo changes nothing), else `postgres`, else `nobody`.
 */
export function chooseAccount(
  clusterDir: string,
  lookUp: AccountLookup = lookUpAccount,
): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = ownerOf(clusterDir, lookUp) ?? lookUp("postgres") ?? lookUp("nobody");
  if (!account || account.uid === 0) {
    throw new Error(
      "PostgreSQL cannot run as root, and this machine has neither a user `postgres` nor `nobody` to run it as. " +
        "Run Muster as an ordinary user, or create one for it: useradd --system postgres",
    );
  }
  assertCanBecome(account);
  return account;
}

function ownerOf(clusterDir: string, lookUp: AccountLookup): Account | undefined {
  const found = statSync(clusterDir, { throwIfNoEntry: false });
  if (!found || found.uid === 0) return undefined;
  return lookUp(String(found.uid)) ?? { name: `uid ${found.uid}`, uid: found.uid, gid: found.gid };
}

function assertCanBecome(account: Account): void {
  const trial = spawnSync("/bin/sh", ["-c", ":"], asAccount(account));
  if (trial.status === 0) return;
  throw new Error(
    `PostgreSQL cannot run as root, and Muster may not start it as the user ${account.name} ` +
      `(${trial.error?.message ?? `exit ${trial.status}`}). Run Muster as an ordinary user, ` +
      "or give the container the capabilities SETUID and SETGID.",
  );
}
