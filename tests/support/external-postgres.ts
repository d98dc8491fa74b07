import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

const debian = "/usr/lib/postgresql";

/** The programs of a PostgreSQL that the system has installed, the oldest one; undefined where there is none. */
export function systemPostgres(): string | undefined {
  if (!existsSync(debian)) return undefined;
  const [oldest] = readdirSync(debian)
    .filter((version) => Number(version) >= 15)
    .sort();
  const programs = oldest && join(debian, oldest, "bin");
  return programs && existsSync(join(programs, "initdb")) ? programs : undefined;
}

export type ExternalPostgres = {
  port: number;
  superuserPassword: string;
  stop(): void;
};

/** A PostgreSQL of the system, on a port of its own: what DATABASE_URL points to in production. */
export async function startExternalPostgres(programs: string): Promise<ExternalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "muster-external-"));
  const port = await freePort();
  const superuserPassword = "superuser of a test";
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, superuserPassword);
  chmodSync(folder, 0o777);
  const run = (program: string, ...args: string[]) => {
    const command = [join(programs, program), ...args];
    // PostgreSQL refuses to run as root.
    const [first = "", ...rest] =
      process.getuid?.() === 0 ? ["setpriv", ...asPostgres(), ...command] : command;
    execFileSync(first, rest, { stdio: ["ignore", "ignore", "pipe"], cwd: folder });
  };
  const data = join(folder, "data");
  run(
    "initdb",
    "-D",
    data,
    "-U",
    "postgres",
    "-E",
    "UTF8",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
  );
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  run("pg_ctl", "-D", data, "-o", options, "-l", join(folder, "log"), "-w", "start");
  return {
    port,
    superuserPassword,
    stop: () => {
      run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function asPostgres(): string[] {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const [, , uid = "65534", gid = "65534"] = users.find(([name]) => name === "postgres") ?? [];
  return [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
}
