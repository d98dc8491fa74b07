import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { freePort } from "#tests/support/free-port.ts";
import { bareEnvironment, type NpmFolder } from "./npm-folder.ts";

export const directusPackages = ["directus@12.4.0", "pg@8.23.1"];

const admin = { email: "admin@example.org", password: "quiet river stone" };

/** Directus as a process of its own, on a database of its own, and its administrator, signed in. */
export async function startDirectus(folder: NpmFolder, database: pg.ClientConfig) {
  leaveOutSandbox(folder);
  const port = await freePort();
  const cli = join(folder.path, "node_modules/directus/cli.js");
  const options = { cwd: folder.path, env: { ...bareEnvironment(), ...settings(database, port) } };
  execFileSync(process.execPath, [cli, "bootstrap"], { ...options, stdio: "pipe" });
  const child = spawn(process.execPath, [cli, "start"], { ...options, stdio: "ignore" });
  const call = caller(`http://127.0.0.1:${port}`);
  await untilUp(child, call);
  const { access_token } = await call<{ access_token: string }>("/auth/login", admin);
  const { id: role } = await call<{ id: string }>("/roles", { name: "People" }, access_token);
  return {
    /** Its CSV import of users, one request, to the end. */
    importUsers: async (rows: number, domain: string) => {
      const form = new FormData();
      form.append("file", new Blob([peopleCsv(rows, { role, domain })], { type: "text/csv" }), "people.csv");
      await call("/utils/import/directus_users", form, access_token);
    },
    countUsers: async () => {
      const [row] = await call<[{ count: string }]>("/users?aggregate[count]=*", undefined, access_token);
      return Number(row.count);
    },
    stop: async () => {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** What runs the scripts of flows and extensions is compiled at installation; without them it is only asked to be there. */
function leaveOutSandbox({ path }: NpmFolder) {
  const folder = join(path, "node_modules/isolated-vm/out");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "isolated_vm.js"), "module.exports = {};\n");
}

const settings = ({ host, port, user, password, database }: pg.ClientConfig, httpPort: number) => ({
  DB_CLIENT: "pg",
  DB_HOST: host ?? "",
  DB_PORT: String(port),
  DB_USER: user ?? "",
  DB_PASSWORD: String(password),
  DB_DATABASE: database ?? "",
  HOST: "127.0.0.1",
  PORT: String(httpPort),
  SECRET: randomBytes(32).toString("hex"),
  ADMIN_EMAIL: admin.email,
  ADMIN_PASSWORD: admin.password,
  TELEMETRY: "false",
  LOG_LEVEL: "error",
});

type Call = <Data>(path: string, body?: object | FormData, token?: string) => Promise<Data>;

const caller =
  (address: string): Call =>
  async (path, body, token) => {
    const isForm = body instanceof FormData;
    const response = await fetch(address + path, {
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && !isForm && { "content-type": "application/json" }),
      },
      ...(body && { method: "POST", body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Directus answered ${path} with ${response.status}: ${text}`);
    return text ? JSON.parse(text).data : undefined;
  };

async function untilUp(child: ChildProcess, call: Call) {
  for (;;) {
    if (child.exitCode !== null) throw new Error("Directus did not start.");
    const up = await call("/server/info").then(
      () => true,
      () => false,
    );
    if (up) return;
    await pause(200);
  }
}

function peopleCsv(rows: number, { role, domain }: { role: string; domain: string }) {
  const lines = Array.from({ length: rows }, (_, n) => `First${n},Last${n},person${n}@${domain},${role}`);
  return ["first_name,last_name,email,role", ...lines, ""].join("\n");
}
