import { execFileSync, spawnSync } from "node:child_process";

/** The user PostgreSQL runs as when that is not the user Muster runs as. */
export type Account = { name: string; uid: number; gid: number };

export type AccountLookup = (nameOrUid: string) => Account | undefined;

/** Asks `id`, which knows every user the machine knows, not only those of /etc/passwd. */
export const lookUpAccount: AccountLookup = (nameOrUid) => {
  try {
    const ask = (flag: string) =>
      execFileSync("id", [flag, nameOrUid], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return { name: ask("-un"), uid: Number(ask("-u")), gid: Number(ask("-g")) };
  } catch {
    return undefined;
  }
};

/** Options for every process that belongs to PostgreSQL: its user, and nothing of our environment (it holds secrets). */
export function asAccount(account: Account | undefined) {
  return {
    cwd: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" },
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}

/** Really tries, as that user: mode bits say nothing of ACLs, mounts and parents. */
export function canEnter(folder: string, account: Account | undefined): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], asAccount(account)).status === 0;
}
