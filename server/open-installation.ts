import { pino } from "pino";
import type { Config } from "#server/platform/config/config.ts";
import { readInstanceKey } from "#server/platform/crypto/instance-key.ts";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { type Database, openDatabase } from "#server/platform/db/database.ts";
import { startEmbedded } from "#server/platform/db/embedded/start-embedded.ts";
import {
  createEmbeddedDatabase,
  prepareDatabase,
  prepareWithRoleUrls,
} from "#server/platform/db/prepare-database.ts";
import { openThrottle } from "#server/platform/http/throttle.ts";
import { prepareQueue } from "#server/platform/jobs/prepare-queue.ts";
import { queueLogger } from "#server/platform/jobs/queue-logger.ts";
import type { Instance } from "./context.ts";

export type Installation = {
  database: Database;
  instance: Instance;
  log: pino.Logger;
  /** Closes the database connections and, where it is ours, stops PostgreSQL. */
  close(): Promise<void>;
};

/** Opens the database (the embedded one where no other is configured), migrated and with its roles. */
export async function openInstallation(config: Config): Promise<Installation> {
  // Standard error, so that standard output stays what the commands print.
  const log = pino(
    { level: config.logLevel, redact: ["*.password", "*.secret", "*.token"] },
    pino.destination(2),
  );
  const secrets = instanceSecrets(config.instanceKey ?? readInstanceKey(config.dataDir));
  const { connections, stop } = await reachDatabase(config, secrets.derivePassword, log);
  const { muster_app: app, muster_system: system, muster_queue: queue } = connections;
  const database = openDatabase({ app, system, queue }, log);
  await prepareQueue(database.queuePool, queueLogger(log));
  return {
    database,
    instance: { config, secrets, throttle: openThrottle(database.systemPool) },
    log,
    close: async () => {
      await database.close();
      await stop();
    },
  };
}

async function reachDatabase(config: Config, passwordOf: (name: string) => string, log: pino.Logger) {
  const nothing = async () => {};
  if (config.databaseRoleUrls)
    return { connections: await prepareWithRoleUrls(config.databaseRoleUrls), stop: nothing };
  if (config.databaseUrl) {
    return {
      connections: await prepareDatabase({ connectionString: config.databaseUrl }, passwordOf),
      stop: nothing,
    };
  }
  const embedded = await startEmbedded({
    dataDir: config.dataDir,
    superuserPassword: passwordOf("postgres"),
    log: (message) => log.info({}, message),
  });
  const { socketDir: host, port, user, password } = embedded;
  try {
    const login = await createEmbeddedDatabase({ host, port, user, password }, "muster");
    return { connections: await prepareDatabase(login, passwordOf), stop: embedded.stop };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
