import { pino } from "pino";
import { inject } from "vitest";
import { jobs, messageKinds, routes } from "#server/app.ts";
import { buildHttp } from "#server/build-http.ts";
import type { JobServices } from "#server/context.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { Timing } from "#server/features/mail/sending/timing.ts";
import type { Installation } from "#server/open-installation.ts";
import { readConfig } from "#server/platform/config/config.ts";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { openThrottle } from "#server/platform/http/throttle.ts";
import { jobServices, startBackground } from "#server/start-background.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export type TestInstallation = Omit<Installation, "database"> & {
  database: TestDatabase;
  http: Awaited<ReturnType<typeof buildHttp>>;
  /** What a job gets, for running one by hand. */
  services: JobServices;
  /** Starts the background jobs as `npm start` does, mail at another pace when asked; stopped with the installation. */
  startJobs(timing?: Timing): Promise<void>;
};

/** A whole Muster in this process, on a database of its own; settings as in the environment. */
export async function testInstallation(environment: Record<string, string> = {}): Promise<TestInstallation> {
  const database = await testDatabase();
  const config = readConfig({ PUBLIC_URL: "http://muster.example", LOG_LEVEL: "error", ...environment });
  const secrets = instanceSecrets(Buffer.from(inject("server").instanceKey, "hex"));
  const log = pino({ level: config.logLevel });
  const instance = { config, secrets, throttle: openThrottle(database.countersPool) };
  const running: { stop(): Promise<void> }[] = [];
  const base = { database, instance, log, close: async () => {} };
  const http = await buildHttp(base, routes);
  return {
    ...base,
    http,
    services: jobServices(base, new AbortController().signal),
    startJobs: async (timing) => {
      const others = jobs.filter((job) => !/^mail(_server)?\./.test(job.name));
      running.push(
        await startBackground(base, timing ? [...others, ...mailJobs(messageKinds, timing)] : jobs),
      );
    },
    close: async () => {
      await http.close();
      for (const background of running) await background.stop();
      await database.drop();
    },
  };
}
