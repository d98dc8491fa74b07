import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { clusterPath } from "#server/platform/db/embedded/place-cluster.ts";
import { findRunning } from "#server/platform/db/embedded/running-server.ts";
import { type MusterProcess, runMuster } from "./run-muster.ts";
import { until } from "./until.ts";

export type EmbeddedMuster = MusterProcess & {
  /** Kills its PostgreSQL with -9, which it then starts again by itself. */
  killDatabase(): Promise<void>;
};

/** The real server as on a machine that has nothing yet: with the PostgreSQL it brings and a data folder of its own. */
export async function embeddedMuster(environment: Record<string, string> = {}): Promise<EmbeddedMuster> {
  const folder = mkdtempSync(join(tmpdir(), "muster-process-"));
  chmodSync(folder, 0o711); // run by root, PostgreSQL's user must get through
  const dataDir = join(folder, "data");
  const key = randomBytes(32);
  const password = instanceSecrets(key).derivePassword("postgres");
  let client: pg.Client | undefined;
  const ground = {
    settings: { MUSTER_DATA: dataDir, MUSTER_KEY: key.toString("hex") },
    connect: async () => {
      const server = await until(() => findRunning(dataDir, password), "PostgreSQL");
      client = new pg.Client({ ...server, database: "muster", options: "-c search_path=muster,app" });
      client.on("error", () => {});
      await client.connect();
      return client;
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
  const muster = await runMuster(ground, environment);
  return {
    ...muster,
    killDatabase: async () => {
      // Whoever is connected already is answered for a moment more.
      await client?.end();
      const pidFile = join(clusterPath(dataDir), "postmaster.pid");
      process.kill(Number.parseInt(readFileSync(pidFile, "utf8"), 10), "SIGKILL");
    },
  };
}
