import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const biggest = 64 * 1024 * 1024;

/** PostgreSQL empties a log file only when its weekday comes round, however big it grew; a start is the other chance. */
export function dropBigLogs(logDir: string): void {
  for (const name of readdirSync(logDir)) {
    const file = join(logDir, name);
    if (statSync(file).size > biggest) rmSync(file);
  }
}
