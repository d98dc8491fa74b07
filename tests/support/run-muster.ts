import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type pg from "pg";
import { serverFlags } from "../../scripts/node-24.mjs";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

type Ended = { status: number | null; stdout: string; stderr: string };

/** The real server, running as a process of its own. */
export type MusterProcess = {
  /** Where the portal is, without a slash at the end. */
  address: string;
  /** The link the last start printed; undefined once there is a tenant. */
  setUpLink(): string | undefined;
  /** Ends the process by a signal and waits until it is gone. Its data stay. */
  kill(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  /** Starts it again, on the same data and at the same address. */
  start(): Promise<void>;
  /** As the superuser, whom row-level security does not bind: for looking and for making trouble only. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Runs `muster` beside it, with the same settings. */
  command(...args: string[]): Ended;
  /** The same, with something on its standard input. */
  pipe(input: string, ...args: string[]): Ended;
  /** All it has written to its standard error so far. */
  complaints(): string;
  /** Stops it, and removes its data. */
  stop(): Promise<void>;
};

/** What it keeps its data in. */
export type Ground = {
  /** Settings by which it finds them. */
  settings: Record<string, string>;
  /** A connection to its database as the superuser. */
  connect(): Promise<pg.Client>;
  remove(): Promise<void>;
};

const main = resolve(import.meta.dirname, "../../server/main.ts");
const cli = resolve(import.meta.dirname, "../../cli/main.ts");

export async function runMuster(ground: Ground, environment: Record<string, string>): Promise<MusterProcess> {
  const port = String(await freePort());
  const settings = { ...ground.settings, PORT: port, ...environment };
  const run = { child: undefined as ChildProcess | undefined, greeting: "", complaints: "" };

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
    query: async (text, values) => {
      admin ??= ground.connect();
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
      await ground.remove();
    },
  };
  await start().catch(async (error: unknown) => {
    await muster.stop();
    throw error;
  });
  return muster;
}
