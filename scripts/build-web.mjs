import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./node-24.mjs";
import { Failure } from "./run-main.mjs";
import { runQuietly } from "./run-quietly.mjs";
import { withLock } from "./with-lock.mjs";

const dist = join(root, "web", "dist");
const stampFile = join(dist, ".built-from");
const notSources = new Set([dist, join(root, "web", "node_modules")]);

/** Builds the web client unless what is in web/dist was built from exactly these sources. */
export async function buildWeb(node) {
  if (isBuilt()) return;
  const wait = () => console.log("Another Muster is building the web client: waiting for it …");
  await withLock(join(root, ".cache", "build.lock"), () => build(node), wait);
}

async function build(node) {
  const sources = fingerprint();
  if (isBuilt()) return;
  console.log("Building the web client, needed once …");
  // Beside the real place and moved there whole, so that a running Muster never serves half of it.
  const staging = join(root, ".cache", "web-dist");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const flags = ["--outDir", staging, "--emptyOutDir", "--logLevel", "warn"];
  const env = { ...process.env, NODE_ENV: "production" };
  const { code, output } = await runQuietly(node, [vite, "build", ...flags], { cwd: join(root, "web"), env });
  if (code !== 0) throw new Failure(`The web client could not be built:\n${output}`);
  rmSync(dist, { recursive: true, force: true });
  renameSync(staging, dist);
  writeFileSync(stampFile, sources);
}

function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === fingerprint();
}

/** Of all that may go into it: web/, the contracts and what they import of the server, the packages. */
function fingerprint() {
  const server = filesIn(join(root, "server"));
  const hash = createHash("sha256");
  for (const file of [...filesIn(join(root, "web")), ...server, join(root, "package-lock.json")].sort()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (notSources.has(path)) return [];
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() && !entry.name.endsWith(".test.ts") ? [path] : [];
  });
}
