import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { node24, root, runs } from "./node-24.mjs";
import { Failure } from "./run-main.mjs";
import { runQuietly } from "./run-quietly.mjs";
import { withLock } from "./with-lock.mjs";

const stampFile = join(root, "node_modules", ".muster-installed");

/** Makes node_modules what package-lock.json says, and returns the path of the Node that Muster runs on. */
export async function ensureInstalled() {
  if (!isReady()) {
    const wait = () => console.log("Another Muster is installing the packages: waiting for it …");
    await withLock(join(root, ".cache", "install.lock"), install, wait);
  }
  return node24();
}

function isReady() {
  return read(stampFile) === stamp() && node24() !== undefined;
}

/** The platform belongs to it: a folder shared with a container of another system needs other binaries. */
function stamp() {
  const lock = createHash("sha256")
    .update(read(join(root, "package-lock.json")))
    .digest("hex");
  return `${lock} ${process.platform} ${process.arch}\n`;
}

async function install() {
  if (isReady()) return; // another process did it while we waited
  if (!isComplete()) await installPackages();
  if (node24() === undefined) await installNode();
  if (!runs(node24())) {
    throw new Failure(
      "Node 24 was installed but does not run here. The packages need glibc: on a musl system such as Alpine, " +
        "use a Debian-based one (image node:24-slim).",
    );
  }
  writeFileSync(stampFile, stamp());
}

/** Whether somebody ran `npm ci` themselves: npm notes what it installed in a lock file of its own. */
function isComplete() {
  try {
    const wanted = JSON.parse(read(join(root, "package-lock.json"))).packages;
    const found = JSON.parse(read(join(root, "node_modules", ".package-lock.json"))).packages;
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === "" || found[path]?.version === version || (optional && found[path] === undefined),
    );
  } catch {
    return false;
  }
}

async function installPackages() {
  console.log("Installing packages (npm ci), needed once …");
  rmSync(stampFile, { force: true });
  // Explicit, since NODE_ENV=production, an `omit` or an `engine-strict` of the user's own would break it.
  const flags = ["--include=dev", "--include=optional", "--engine-strict=false", "--prefer-offline"];
  const { code, output } = await npm("ci", flags);
  if (code === 0) return;
  // `npm ci` refuses a lock file that lacks a package of some other platform, as one made behind a partial mirror
  // does. This keeps to the lock file too, and does not write it.
  const second = output.includes("EUSAGE") ? await npm("install", ["--no-save", ...flags]) : undefined;
  if (second?.code !== 0) throw new Failure(explain("npm ci", output));
}

/** With install scripts off, npm did not run the one that brings Node itself. It runs nothing else, so we do. */
async function installNode() {
  console.log("Installing Node 24, needed once …");
  const folder = join(root, "node_modules", "node");
  const program = ["installArchSpecificPackage.js"];
  const { output } = await runQuietly(systemNode(), program, { cwd: folder, env: npmEnvironment() });
  if (node24() === undefined) throw new Failure(explain("The installation of Node 24", output));
}

function npm(command, flags) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  return runQuietly("npm", [command, ...flags, ...quiet], { cwd: root, env: npmEnvironment() });
}

/** Without our own node_modules/.bin: npm must not run on the very Node that it is about to replace. */
function npmEnvironment() {
  const { NODE_ENV: _, ...env } = process.env;
  const path = (env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")));
  return { ...env, PATH: path.join(delimiter), npm_config_loglevel: "error", npm_config_audit: "false" };
}

function systemNode() {
  return process.execPath.startsWith(join(root, "node_modules")) ? "node" : process.execPath;
}

function explain(what, output) {
  // npm says first what is wrong, then at length how npm is used.
  const said = output.split("\n").slice(0, 25).join("\n");
  const offline = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(
    output,
  );
  const advice = offline
    ? "The package registry cannot be reached. Check the network, HTTPS_PROXY and npm's registry setting, then"
    : "Mend that, then";
  return `${what} failed:\n${said}\n\n${advice} start again.`;
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
