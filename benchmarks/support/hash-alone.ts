import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import type { HashAnswer, HashRequest } from "#server/features/credentials/hasher.ts";
import { seconds } from "./time.ts";

const hasher = new URL("../../server/features/credentials/hasher.ts", import.meta.url);

/**
 * What the cores can hash: as many niced processes as cores, each with its whole share at once and nothing to wait for; no
 * database, no emails. Starting them is not timed. Answers the seconds.
 */
export async function hashAlone(count: number): Promise<number> {
  const cores = availableParallelism();
  const children = Array.from({ length: cores }, () =>
    fork(hasher, { execArgv: [], serialization: "advanced" }),
  );
  const hash = (child: (typeof children)[number], passwords: string[]) => {
    child.send({ id: 0, passwords } satisfies HashRequest);
    return once(child, "message") as Promise<[HashAnswer]>;
  };
  try {
    await Promise.all(children.map((child) => hash(child, ["quiet river stone"])));
    return await seconds(() =>
      Promise.all(
        children.map((child, n) => {
          const share = Math.floor(count / cores) + (n < count % cores ? 1 : 0);
          return hash(
            child,
            Array.from({ length: share }, (_, k) => `quiet river ${k} stone`),
          );
        }),
      ),
    );
  } finally {
    for (const child of children) child.disconnect();
  }
}
