import { spawn } from "node:child_process";
import { constants } from "node:os";

// Ends the child when the script that started it is gone, kill -9 included: their channel closes then.
const endWithParent =
  "--import=data:text/javascript," +
  'process.on("disconnect",()=>process.kill(process.pid,"SIGTERM"));process.channel?.unref()';

/**
 * Runs commands `[program, ...args]` in the foreground until the first of them ends, then stops the others; resolves
 * with the exit code of the first. On Ctrl-C a terminal signals every process and npm passes the signal on once more;
 * programs take the second one as "stop at once". So the children lead sessions of their own and get each signal once.
 */
export async function runChildren(commands, options = {}) {
  const children = commands.map(([program, ...args]) =>
    spawn(program, args, { stdio: ["inherit", "inherit", "inherit", "ipc"], detached: true, ...options }),
  );
  let stopping = false;
  const signalAll = (signal) => {
    stopping = true;
    for (const child of children)
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  };
  const stopForwarding = forwardSignals(signalAll);
  const ends = children.map(whenEnded);
  const code = await Promise.race(ends);
  if (!stopping) signalAll("SIGTERM");
  await Promise.all(ends);
  stopForwarding();
  return code;
}

/** Runs one Node program, as `runChildren` does, that cannot outlive us. */
export function runNode(node, args, options = {}) {
  return runChildren([[node, endWithParent, ...args]], options);
}

function forwardSignals(signalAll) {
  let last = 0;
  const forward = (signal) => {
    const echo = Date.now() - last < 1_000;
    last = Date.now();
    if (!echo) signalAll(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  // Not after a signal: the shell that died of the same one is no second wish to stop.
  const stopWatching = whenOrphaned(() => last === 0 && forward("SIGTERM"));
  return () => {
    stopWatching();
    for (const signal of signals) process.off(signal, forward);
  };
}

/**
 * npm passes a SIGTERM to the shell between it and us, and some shells die of it without a word. Only under npm:
 * a script started by hand may well outlive its shell.
 */
function whenOrphaned(act) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, 250).unref();
  return () => clearInterval(watch);
}

function whenEnded(child) {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`${child.spawnfile} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
