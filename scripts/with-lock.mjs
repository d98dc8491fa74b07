import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beatMs = 2_000;
const silentMs = 20_000;

/** Runs `work` while no other process runs under the same lock folder. A lock whose owner died is taken over. */
export async function withLock(folder, work, onWait = () => {}) {
  mkdirSync(dirname(folder), { recursive: true });
  for (let waits = 0; !take(folder); waits++) {
    if (waits === 1) onWait();
    if (isStale(folder)) drop(folder);
    await sleep(200);
  }
  const heartbeat = setInterval(() => utimesSync(folder, new Date(), new Date()), beatMs).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(folder, { recursive: true, force: true });
  }
}

function take(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(folder, "owner"), `${process.pid} ${hostname()}`);
  return true;
}

/** No sign of life for a while; or at once, where the number of its process means something, when that is gone. */
function isStale(folder) {
  try {
    if (Date.now() - statSync(folder).mtimeMs > silentMs) return true;
    const [pid, host] = readOwner(folder).split(" ");
    return host === hostname() && !isAlive(Number(pid));
  } catch {
    return false; // given back, or not yet signed
  }
}

function drop(folder) {
  const aside = `${folder}.stale-${process.pid}`;
  try {
    renameSync(folder, aside);
    // Somebody else may have dropped the stale one and taken the lock since we looked: give it back.
    if (isStale(aside)) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, folder);
  } catch {
    // somebody else dropped it
  }
}

function readOwner(folder) {
  return readFileSync(join(folder, "owner"), "utf8");
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
