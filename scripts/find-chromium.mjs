import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Failure } from "./run-main.mjs";
import { runQuietly } from "./run-quietly.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const places = [
  "/usr/lib/chromium/chromium",
  "/usr/lib/chromium-browser/chromium-browser",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** A Chromium for the browser tests; on a Debian where we are root, installed when there is none. */
export async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (isProgram(given)) return given;
    throw new Failure(`CHROMIUM_PATH names ${given}, which is not a program.`);
  }
  const found = search() ?? (await installChromium());
  if (found) return found;
  throw new Failure(
    "The browser tests need Chromium or Chrome. Install one (Debian: sudo apt-get install chromium; macOS: " +
      "brew install --cask chromium), or name one with CHROMIUM_PATH.",
  );
}

function search() {
  const inPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((dir) => names.map((name) => join(dir, name)));
  return [...inPath, ...places].find((path) => isProgram(path) && answers(path));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ubuntu's `chromium-browser` package is only a hint to install a snap, which a container cannot. */
function answers(path) {
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}

async function installChromium() {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return undefined;
  console.log("Installing Chromium for the browser tests (apt-get), needed once …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const update = await runQuietly("apt-get", ["update"], { env });
  const install = await runQuietly("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
    env,
  });
  const found = search();
  if (!found) console.error(`${update.code === 0 ? "" : update.output}\n${install.output}`.slice(-3_000));
  return found;
}
