import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Installation } from "#server/open-installation.ts";

/** Runs `work` on a connection as the superuser, whom row-level security does not slow. */
export async function asSuperuser<T>(
  installation: Installation,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...superuserOf(installation), options: "-c search_path=muster" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Where the embedded server listens: a Unix socket. */
export function superuserOf({ instance: { config, secrets } }: Installation) {
  const running = readFileSync(join(config.dataDir, "postgres.running"), "utf8");
  const { socketDir, port } = JSON.parse(running) as { socketDir: string; port: number };
  const password = secrets.derivePassword("postgres");
  return { host: socketDir, port, user: "postgres", password, database: "muster" };
}

export const serverVersion = (installation: Installation): Promise<string> =>
  asSuperuser(
    installation,
    async (client) => (await client.query("show server_version")).rows[0].server_version,
  );
