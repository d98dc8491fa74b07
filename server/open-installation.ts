import type { pino } from "pino";
import type { Config } from "#server/platform/config/config.ts";
import { readInstanceKey } from "#server/platform/crypto/instance-key.ts";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { type Database, openDatabase, type RoleUrls } from "#server/platform/db/database.ts";
import { DatabaseNotReady } from "#server/platform/db/database-not-ready.ts";
import { findRunning, forgetRunning, noteRunning } from "#server/platform/db/embedded/running-server.ts";
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
import { openLog } from "./open-log.ts";

export type Installation = {
  database: Database;
  instance: Instance;
  log: pino.Logger;
  /** Closes the database connections and, where it is ours, stops PostgreSQL. */
  close(): Promise<void>;
};

/** All that opens a prepared installation once more, in another thread too: settings as they were read, and the roles' logins. */
export type Seed = { config: Config; urls: RoleUrls };

/** `join`: a command run while Muster is up uses the embedded server of that Muster instead of refusing. */
type Manner = "own" | "join";

/** Opens the database (the embedded one where no other is configured), migrated and with its roles. */
export async function openInstallation(
  config: Config,
  manner: Manner = "own",
): Promise<Installation & { seed: Seed }> {
  const { log, secrets, instanceKey } = settle(config);
  const { connections, stop } = await reachDatabase({
    config,
    manner,
    passwordOf: secrets.derivePassword,
    log,
  });
  const { muster_app: app, muster_system: system, muster_queue: queue } = connections;
  const seed = { config: { ...config, instanceKey }, urls: { app, system, queue } };
  const installation = openPrepared(seed);
  await prepareQueue(installation.database.queuePool, queueLogger(log));
  return {
    ...installation,
    seed,
    close: async () => {
      await installation.close();
      await stop();
    },
  };
}

/** Opens it once more where its database has been prepared, with connections of its own. */
export function openPrepared({ config, urls }: Seed, manner?: { modest: boolean }): Installation {
  const { log, secrets } = settle(config);
  const database = openDatabase(urls, log, manner);
  const instance = { config, secrets, throttle: openThrottle(database.countersPool) };
  return { database, instance, log, close: database.close };
}

function settle(config: Config) {
  const log = openLog(config.logLevel);
  // Whatever has come from another thread is no Buffer any more.
  const instanceKey = Buffer.from(config.instanceKey ?? readInstanceKey(config.dataDir));
  return { log, instanceKey, secrets: instanceSecrets(instanceKey) };
}

type Reach = { config: Config; manner: Manner; passwordOf: (name: string) => string; log: pino.Logger };

async function reachDatabase({ config, manner, passwordOf, log }: Reach) {
  if (config.databaseRoleUrls) {
    return { connections: await prepareWithRoleUrls(config.databaseRoleUrls), stop: nothing };
  }
  if (config.databaseUrl) {
    return {
      connections: await prepareDatabase({ connectionString: config.databaseUrl }, passwordOf),
      stop: nothing,
    };
  }
  const password = passwordOf("postgres");
  const running = manner === "join" ? await findRunning(config.dataDir, password) : undefined;
  const { server, stop } = running
    ? { server: running, stop: nothing }
    : await ownEmbedded(config.dataDir, password, log);
  try {
    const login = await createEmbeddedDatabase(server, "muster");
    return { connections: await prepareDatabase(login, passwordOf), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ownEmbedded(dataDir: string, superuserPassword: string, log: pino.Logger) {
  const embedded = await startEmbedded({
    dataDir,
    superuserPassword,
    log: (message) => log.warn({}, message),
  }).catch((cause: Error) => {
    throw new DatabaseNotReady(cause.message, { cause });
  });
  noteRunning(dataDir, embedded);
  const { socketDir: host, port, user, password } = embedded;
  const stop = async () => {
    forgetRunning(dataDir);
    await embedded.stop();
  };
  return { server: { host, port, user, password }, stop };
}

const nothing = async () => {};
