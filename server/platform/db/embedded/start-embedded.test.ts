import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { isAlive } from "./cluster-processes.ts";
import { pollUntil } from "./poll-until.ts";
import { type EmbeddedPostgres, startEmbedded } from "./start-embedded.ts";

const superuserPassword = "correct horse";
const settings = { fsync: "off", shared_buffers: "32MB" };

/** A data folder that has been used: to begin with a copy of it takes a tenth of the time of making one. */
let used: string;
let parent: string;
let dataDir: string;
let log: string[];
let running: EmbeddedPostgres[];
let owners: ChildProcess[];

beforeAll(async () => {
  used = makeFolder();
  const log = () => {};
  await (await startEmbedded({ dataDir: join(used, "data"), superuserPassword, log, settings })).stop();
});
afterAll(() => rmSync(used, { recursive: true, force: true }));

beforeEach(() => {
  parent = makeFolder();
  dataDir = join(parent, "data");
  log = [];
  running = [];
  owners = [];
});

afterEach(async () => {
  for (const owner of owners) owner.kill("SIGKILL");
  for (const server of running) await server.stop();
  rmSync(parent, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "muster-embedded-"));
  chmodSync(folder, 0o711); // run by root, PostgreSQL's user must get through
  return folder;
}

const copyData = (from: string, to: string) =>
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== "socket" });

/** From here on the data folder is one that has been used. */
const useAgain = () => copyData(join(used, "data"), dataDir);

async function start(options: { settings?: Record<string, string> } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({
    dataDir,
    superuserPassword,
    log: (message) => log.push(message),
    settings: { ...settings, ...options.settings },
  });
  running.push(server);
  return server;
}

async function query(
  server: Pick<EmbeddedPostgres, "socketDir" | "port">,
  sql: string,
  password = "correct horse",
) {
  const { socketDir: host, port } = server;
  const client = new pg.Client({ host, port, user: "postgres", password, database: "postgres" });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function postmasterPid(): number {
  return Number.parseInt(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8"), 10);
}

/** A Node process of its own that starts the server and keeps it. */
async function startOwner() {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(import.meta.resolve("./start-embedded.ts"))});
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, superuserPassword: "${superuserPassword}",
      log: () => {}, settings: ${JSON.stringify(settings)} });
    console.log(JSON.stringify(server));
  `;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  owners.push(owner);
  const [line] = (await once(createInterface(owner.stdout), "line")) as [string];
  const kill = async () => {
    owner.kill("SIGKILL");
    await once(owner, "exit");
  };
  return { server: JSON.parse(line) as Pick<EmbeddedPostgres, "socketDir" | "port">, kill };
}

test("starts, answers with its password only, stops, and starts again with its data", async () => {
  const first = await start();
  const rows = await query(
    first,
    "select current_setting('server_encoding') as encoding, lower('ÉŁØ') as lower",
  );
  expect(rows).toEqual([{ encoding: "UTF8", lower: "éłø" }]);
  await expect(query(first, "select 1", "wrong")).rejects.toMatchObject({ code: "28P01" });
  await query(first, "create table kept as select 1 as id");
  await first.stop();
  await first.stop();
  expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).toBe(false);

  const second = await start({ settings: { work_mem: "5MB" } });
  expect(await query(second, "select id, current_setting('work_mem') as work_mem from kept")).toEqual([
    { id: 1, work_mem: "5MB" },
  ]);
});

test("makes the extensions Muster needs", async () => {
  useAgain();
  const server = await start();
  for (const name of ["citext", "pg_trgm", "unaccent"]) await query(server, `create extension ${name}`);
});

test("the server ends by itself when its owner is killed, and the next start has what was committed", async () => {
  useAgain();
  const owner = await startOwner();
  await query(owner.server, "create table kept as select 1 as id");
  const pid = postmasterPid();
  await owner.kill();
  expect(await pollUntil(() => !isAlive(pid), 20_000)).toBe(true);
  expect(await query(await start(), "select id from kept")).toEqual([{ id: 1 }]);
});

test("a start right after the owner was killed takes over from the server it left", async () => {
  useAgain();
  const owner = await startOwner();
  await query(owner.server, "create table kept as select 1 as id");
  const pid = postmasterPid();
  process.kill(pid, "SIGSTOP"); // as slow to end as a big checkpoint
  await owner.kill();
  const next = start();
  const noticed = await pollUntil(() => log.some((line) => line.includes("earlier run")), 20_000);
  process.kill(pid, "SIGCONT");
  expect(noticed).toBe(true);
  expect(await query(await next, "select id from kept")).toEqual([{ id: 1 }]);
});

test("starts over everything killed at once: recovers, whatever the old process id means now", async () => {
  useAgain();
  const owner = await startOwner();
  await query(owner.server, "create table kept as select 1 as id");
  const pid = postmasterPid();
  process.kill(pid, "SIGKILL");
  await owner.kill();
  const pidFile = join(dataDir, "postgres", "postmaster.pid");
  await pollUntil(() => !isAlive(pid), 10_000);
  writeFileSync(pidFile, readFileSync(pidFile, "utf8").replace(/^\d+/, String(process.pid)));
  expect(await query(await start(), "select id from kept")).toEqual([{ id: 1 }]);
});

test("a server that is killed while in use comes back on the same socket", async () => {
  useAgain();
  const server = await start();
  await query(server, "create table kept as select 1 as id");
  const pid = postmasterPid();
  process.kill(pid, "SIGKILL");
  const answers = () =>
    query(server, "select id from kept").then(
      () => postmasterPid() !== pid,
      () => false,
    );
  expect(await pollUntil(answers, 20_000)).toBe(true);
  expect(log.join("\n")).toContain("ended unexpectedly");
});

test("a second Muster on the same data is refused, naming the first", async () => {
  useAgain();
  const first = await start();
  await expect(start()).rejects.toThrow(
    `Another Muster is using the data in ${dataDir} (process ${process.pid}`,
  );
  await first.stop();
  await start();
});

test("a first start that was killed halfway does not block the next", async () => {
  mkdirSync(join(dataDir, "postgres.new-0011", "cluster", "base"), { recursive: true });
  writeFileSync(join(dataDir, "postgres.new-0011", "password"), superuserPassword);
  const server = await start();
  expect(await query(server, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(existsSync(join(dataDir, "postgres.new-0011"))).toBe(false);
});

test("says so when the cluster is of another major version, and leaves it alone", async () => {
  useAgain();
  await (await start()).stop();
  writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "17\n");
  await expect(start()).rejects.toThrow(/made by PostgreSQL 17, and this Muster brings 18/);
});

test("says so when the password is not the cluster's, and ends the server", async () => {
  useAgain();
  await (await start()).stop();
  const wrong = startEmbedded({ dataDir, superuserPassword: "other", log: () => {}, settings });
  await expect(wrong).rejects.toThrow("does not accept the password");
  await start();
});

test("a setting PostgreSQL does not know is reported in its own words", async () => {
  useAgain();
  await expect(start({ settings: { no_such_setting: "1" } })).rejects.toThrow(/no_such_setting/);
});

test("works where the path is too long for a socket", async () => {
  dataDir = join(dataDir, "a-name-that-goes-on-and-on-".repeat(4), "data");
  const server = await start();
  expect(server.socketDir.length).toBeLessThan(80);
  expect(await query(server, "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
  rmSync(server.socketDir, { recursive: true });
});

test("a plain copy of the data directory starts, with the owner and modes a copy gives it", async () => {
  const first = await start();
  await query(first, "create table kept as select 1 as id");
  await first.stop();
  const copy = join(parent, "copy");
  copyData(dataDir, copy);
  chmodSync(join(copy, "postgres"), 0o755);
  dataDir = copy;
  expect(await query(await start(), "select id from kept")).toEqual([{ id: 1 }]);
});

test.runIf(process.platform === "linux")(
  "a server whose watching shell was killed is still ended by stop",
  async () => {
    useAgain();
    const server = await start();
    const pid = postmasterPid();
    const shell = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    process.kill(shell, "SIGKILL");
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  },
);
