import pg from "pg";
import { inject } from "vitest";
import { cloneTemplate } from "./database.ts";
import { type MusterProcess, runMuster } from "./run-muster.ts";

/**
 * The real server as a process of its own, on a database of the test run's PostgreSQL, as with DATABASE_URL. Where it is to
 * bring its own PostgreSQL there is `embeddedMuster`, which takes seconds longer.
 */
export async function musterProcess(environment: Record<string, string> = {}): Promise<MusterProcess> {
  const { name, superuser, drop } = await cloneTemplate();
  const { host, port, user, password } = superuser;
  const address = new URLSearchParams({ host, port: String(port), user, password });
  const ground = {
    settings: { MUSTER_KEY: inject("server").instanceKey, DATABASE_URL: `postgres:///${name}?${address}` },
    connect: async () => {
      const client = new pg.Client({ ...superuser, options: "-c search_path=muster,app" });
      client.on("error", () => {});
      await client.connect();
      return client;
    },
    remove: drop,
  };
  return runMuster(ground, environment);
}
