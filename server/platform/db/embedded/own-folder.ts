import { chmodSync, lchownSync, lstatSync, mkdirSync } from "node:fs";
import type { Account } from "./account.ts";

/** Makes sure the folder exists and is PostgreSQL's alone; refuses one that somebody else put there. */
export function ownFolder(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const wanted = account?.uid ?? process.getuid?.();
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder; remove it and start again.`);
  if (account && found.uid === process.getuid?.()) lchownSync(folder, account.uid, account.gid);
  else if (found.uid !== wanted) {
    throw new Error(
      `${folder} belongs to another user (uid ${found.uid}); PostgreSQL would run as uid ${wanted}.`,
    );
  }
  if ((found.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
}
