import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { startEmbedded } from "#server/platform/db/embedded/start-embedded.ts";
import { createEmbeddedDatabase, prepareDatabase } from "#server/platform/db/prepare-database.ts";
import { prepareQueue } from "#server/platform/jobs/prepare-queue.ts";
import { queueLogger } from "#server/platform/jobs/queue-logger.ts";
import { quiet } from "./quiet-log.ts";

export type TestServer = { host: string; port: number; user: string; password: string; instanceKey: string };

declare module "vitest" {
  interface ProvidedContext {
    server: TestServer;
  }
}

export const templateName = "muster_template";

/** One real PostgreSQL for the whole run, with a migrated database that every test file clones in milliseconds. */
export async function setup(project: TestProject) {
  const dataDir = mkdtempSync(join(tmpdir(), "muster-test-"));
  chmodSync(dataDir, 0o755);
  const instanceKey = randomBytes(32);
  const { derivePassword } = instanceSecrets(instanceKey);
  const embedded = await startEmbedded({
    dataDir,
    superuserPassword: derivePassword("postgres"),
    log: () => {},
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" },
  });
  const { socketDir: host, port, user, password } = embedded;
  const server = { host, port, user, password };
  const login = await createEmbeddedDatabase(server, templateName);
  const connections = await prepareDatabase(login, derivePassword);
  const queue = new pg.Pool(connections.muster_queue);
  queue.on("error", () => {});
  queue.on("connect", (client) => client.on("error", () => {}));
  await prepareQueue(queue, queueLogger(quiet));
  await queue.end();
  project.provide("server", { ...server, instanceKey: instanceKey.toString("hex") });
  return async () => {
    await embedded.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
