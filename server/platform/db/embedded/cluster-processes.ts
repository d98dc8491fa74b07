import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether that process is a PostgreSQL server of exactly this folder: numbers are reused, names are shared. */
export function isServerOf(pid: number, clusterDir: string): boolean {
  const [program, ...args] = commandLine(pid);
  if (basename(program ?? "") !== "postgres") return false;
  return args.includes(clusterDir) || worksIn(pid, clusterDir);
}

/** Server processes that outlived their killed parent (Linux; elsewhere PostgreSQL itself refuses to start over them). */
export function strayBackends(clusterDir: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => programName(pid) === "postgres" && worksIn(pid, clusterDir));
}

function commandLine(pid: number): string[] {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .split(" ");
  } catch {
    return [];
  }
}

function worksIn(pid: number, clusterDir: string): boolean {
  try {
    const cwd = statSync(`/proc/${pid}/cwd`);
    const cluster = statSync(clusterDir);
    return cwd.ino === cluster.ino && cwd.dev === cluster.dev;
  } catch {
    return false;
  }
}

function programName(pid: number): string {
  return readStatus(pid, "comm").trim();
}

/** A container without an init never collects its dead, and they would look alive for ever. */
function isZombie(pid: number): boolean {
  return /^\d+ \(.*\) Z/s.test(readStatus(pid, "stat"));
}

function readStatus(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
