import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The server's memory stays small and even: V8 would let the young generation grow to 128 MB while an import runs, and keep
 * most of it. A script in package.json that runs the server's code names it too.
 */
export const serverFlags = ["--max-semi-space-size=8"];

/**
 * Code is compiled once and kept, so that what runs Muster's code starts in half the time. In the installation's own
 * folder: what others may write to must not be run.
 */
export const compileCache = { NODE_COMPILE_CACHE: join(root, ".cache", "compiled") };

/** The Node that Muster runs on, pinned by the npm package `node`; else the running one, if it is new enough. */
export function node24() {
  const pinned = join(root, "node_modules", "node", "bin", "node");
  if (existsSync(pinned)) return pinned;
  return Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined;
}

/** A Node built for another system (musl, another processor) is there but does not run. */
export function runs(node) {
  return spawnSync(node, ["--version"], { stdio: "ignore" }).status === 0;
}
