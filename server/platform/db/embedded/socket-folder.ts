import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { ownFolder } from "./own-folder.ts";

// The kernel allows 104 bytes on macOS and 108 on Linux for the whole path, of which PostgreSQL adds a name of its own.
const longest = 80;

/** The folder of the Unix socket: beside the cluster, or under a short name where that path would be too long. */
export function socketFolder(baseDir: string, account: Account | undefined): string {
  const beside = join(baseDir, "socket");
  const folder = Buffer.byteLength(beside) <= longest ? beside : elsewhere(baseDir);
  ownFolder(folder, account);
  return folder;
}

/** In a directory where others may write too: ownFolder refuses it if somebody else took the name. */
function elsewhere(baseDir: string): string {
  const parent = process.getuid?.() === 0 && process.platform === "linux" ? "/run" : shortTemp();
  return join(parent, `muster-${createHash("sha256").update(baseDir).digest("hex").slice(0, 16)}`);
}

function shortTemp(): string {
  const temp = realpathSync(tmpdir());
  return Buffer.byteLength(temp) <= longest - 24 ? temp : realpathSync("/tmp");
}
