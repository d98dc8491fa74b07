import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { clusterPath } from "#server/platform/db/embedded/place-cluster.ts";
import { findRunning } from "#server/platform/db/embedded/running-server.ts";
import { serverFlags } from "../../scripts/node-24.mjs";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

type Ended = { status: number | null; stdout: string; stderr: string };

export type MusterProcess = {
  /** Where the portal is, without a slash at the end. */
  address: string;
  /** The link the last start printed; undefined once there is a tenant. */
  setUpLink(): string | undefined;
  /** Ends the process by a signal and waits until it is gone. Its data stay. */
  kill(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  /** Starts it again, on the same data and at the same address. */
  start(): Promise<void>;
  /** Kills its PostgreSQL with -9, which it then starts again by itself. */
  killDatabase(): Promise<void>;
  /** As the superuser, whom row-level security does not bind: for looking and for making trouble only. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  connect(): Promise<pg.Client>;
  /** Runs `muster` beside it, with the same settings. */
  command(...args: string[]): Ended;
  /** The same, with something on its standard input. */
  pipe(input: string, ...args: string[]): Ended;
  /** All it has written to its standard error so far. */
  complaints(): string;
  /** Stops it, and removes its data. */
  stop(): Promise<void>;
};

const main = resolve(import.meta.dirname, "../../server/main.ts");
const cli = resolve(import.meta.dirname, "../../cli/main.ts");

/** The real server as a process of its own, with the embedded PostgreSQL and a data folder of its own. */
export async function musterProcess(environment: Record<string, string> = {}): Promise<MusterProcess> {
  const folder = mkdtempSync(join(tmpdir(), "muster-process-"));
  chmodSync(folder, 0o711); // run by root, PostgreSQL's user must get through
  const dataDir = join(folder, "data");
  const key = randomBytes(32);
  const port = String(await freePort());
  const settings = { MUSTER_DATA: dataDir, MUSTER_KEY: key.toString("hex"), PORT: port, ...environment };
  const password = instanceSecrets(key).derivePassword("postgres");
  const run = { child: undefined as ChildProcess | undefined, greeting: "", complaints: "" };

  const connect = async () => {
    const server = await until(() => findRunning(dataDir, password), "PostgreSQL");
    const client = new pg.Client({ ...server, database: "muster", options: "-c search_path=muster,app" });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
  let admin: Promise<pg.Client> | undefined;
  const forgetAdmin = async () => {
    const client = await admin?.catch(() => undefined);
    admin = undefined;
    await client?.end().catch(() => {});
  };
  const kill: MusterProcess["kill"] = async (signal) => {
    const { child } = run;
    run.child = undefined;
    await forgetAdmin();
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  const environmentOf = () => {
    const { PATH = "", TMPDIR, NODE_COMPILE_CACHE } = process.env;
    return {
      PATH,
      ...(TMPDIR && { TMPDIR }),
      ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
      ...settings,
    };
  };
  const start = async () => {
    run.greeting = "";
    const env = environmentOf();
    const child = spawn(process.execPath, [...serverFlags, main], { env, stdio: ["ignore", "pipe", "pipe"] });
    run.child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      run.greeting += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      run.complaints += text;
    });
    await until(
      () => {
        if (child.exitCode !== null) throw new Error(`Muster did not start:\n${run.complaints}`);
        return run.greeting.includes("Muster is running");
      },
      "the greeting of Muster",
      60_000,
    );
  };
  const muster: MusterProcess = {
    address: environment.PUBLIC_URL ?? `http://localhost:${port}`,
    setUpLink: () => /http\S+\/setup#\S+/.exec(run.greeting)?.[0],
    kill,
    start,
    connect,
    killDatabase: async () => {
      await forgetAdmin();
      const pidFile = join(clusterPath(dataDir), "postmaster.pid");
      process.kill(Number.parseInt(readFileSync(pidFile, "utf8"), 10), "SIGKILL");
    },
    query: async (text, values) => {
      admin ??= connect();
      try {
        return (await (await admin).query(text, values)).rows;
      } catch (error) {
        await forgetAdmin();
        throw error;
      }
    },
    command: (...args) => muster.pipe("", ...args),
    pipe: (input, ...args) =>
      spawnSync(process.execPath, [cli, ...args], { env: environmentOf(), encoding: "utf8", input }),
    complaints: () => run.complaints,
    stop: async () => {
      await kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await start().catch(async (error: unknown) => {
    await muster.stop();
    throw error;
  });
  return muster;
}

/** Free a moment ago: the kernel hands out ports in turn, so that nobody else gets it meanwhile. */
