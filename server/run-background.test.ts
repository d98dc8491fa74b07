import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { until } from "#tests/support/until.ts";
import type { Seed } from "./open-installation.ts";
import { readConfig } from "./platform/config/config.ts";
import { enqueueIn } from "./platform/jobs/enqueue.ts";
import { runBackground } from "./run-background.ts";

let database: TestDatabase;
let seed: Seed;
beforeAll(async () => {
  database = await testDatabase();
  const { muster_app: app, muster_system: system, muster_queue: queue } = database.connection;
  const config = readConfig({ MUSTER_KEY: inject("server").instanceKey, LOG_LEVEL: "silent" });
  seed = { config, urls: { app, system, queue } };
});
afterAll(() => database.drop());

const dueJobs = () =>
  database.query("select task_identifier from graphile_worker.jobs where run_at <= now()");
const connections = () =>
  database.query(
    "select usename from pg_stat_activity where datname = current_database() and usename <> 'postgres'",
  );

it("does the jobs of the queue, and ends with its connections when it is told to", async () => {
  await database.asSystem("a job", (tx) => enqueueIn(tx)("housekeeping.tidy", {}));
  const before = await connections();
  const background = await runBackground(seed);
  await until(async () => (await dueJobs()).length === 0, "the queue to be empty");
  await background.stop();
  // PostgreSQL takes a moment to notice.
  await until(async () => (await connections()).length === before.length, "its connections to be closed");
});

it("fails to start where the database is not to be had, and says why", async () => {
  const elsewhere = { ...seed.urls.queue, database: "nobodys" };
  await expect(runBackground({ ...seed, urls: { ...seed.urls, queue: elsewhere } })).rejects.toThrow(
    "nobodys",
  );
});
