import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import type { HashAnswer, HashRequest } from "./hasher.ts";

/** Hashers end when they have had nothing to do for this long. */
const usualIdleMs = 10_000;
/** A piece of work is handed out anew when its hasher dies; twice is no accident. */
const mostAttempts = 2;

type Hasher = {
  child: ChildProcess;
  jobs: Map<number, { resolve(hashes: string[]): void; reject(error: Error): void }>;
};

const hashers = new Set<Hasher>();
let jobs = 0;
let idle: NodeJS.Timeout | undefined;

/**
 * Hashes passwords in processes of their own, one a core, that step back for everything else: argon2 on the server's own
 * threads would make whoever signs in meanwhile wait. A process takes about 45 MB, and 19 MiB while it hashes.
 */
export async function hashInBackground(
  passwords: readonly string[],
  idleMs = usualIdleMs,
): Promise<string[]> {
  clearTimeout(idle);
  const count = availableParallelism();
  const size = Math.ceil(passwords.length / count);
  const parts = Array.from({ length: count }, (_, n) => passwords.slice(n * size, (n + 1) * size));
  try {
    const hashed = await Promise.all(parts.filter((part) => part.length > 0).map((part) => hashPart(part)));
    return hashed.flat();
  } finally {
    idle = setTimeout(endHashers, idleMs).unref();
  }
}

async function hashPart(passwords: string[], attempt = 1): Promise<string[]> {
  try {
    return await ask(leastBusy(), passwords);
  } catch (error) {
    if (attempt >= mostAttempts) throw error;
    return hashPart(passwords, attempt + 1);
  }
}

const leastBusy = (): Hasher => {
  if (hashers.size < availableParallelism()) return startHasher();
  return [...hashers].reduce((one, other) => (other.jobs.size < one.jobs.size ? other : one));
};

const ask = ({ child, jobs: open }: Hasher, passwords: string[]) =>
  new Promise<string[]>((resolve, reject) => {
    const id = ++jobs;
    open.set(id, { resolve, reject });
    child.send({ id, passwords } satisfies HashRequest, (error) => error && reject(error));
  });

function startHasher(): Hasher {
  // Nothing of the server's settings: they hold secrets.
  const child = fork(new URL("./hasher.ts", import.meta.url), {
    env: {},
    execArgv: [],
    serialization: "advanced",
  });
  const hasher: Hasher = { child, jobs: new Map() };
  hashers.add(hasher);
  child.on("message", ({ id, hashes }: HashAnswer) => {
    hasher.jobs.get(id)?.resolve(hashes);
    hasher.jobs.delete(id);
  });
  const gone = (error: Error) => {
    hashers.delete(hasher);
    for (const job of hasher.jobs.values()) job.reject(error);
    hasher.jobs.clear();
  };
  child.on("error", gone);
  child.on("exit", () => gone(new Error("A process that hashes passwords ended.")));
  // They keep no server alive that wants to end, and end with it: their line to it breaks.
  child.unref();
  child.channel?.unref();
  return hasher;
}

function endHashers() {
  for (const { child, jobs: open } of hashers) if (open.size === 0) child.disconnect();
}

/** The process ids of the hashers at work, for whoever looks after them. */
export const hasherPids = () => [...hashers].flatMap(({ child }) => child.pid ?? []);
