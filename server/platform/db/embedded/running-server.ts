import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

type Place = { socketDir: string; port: number };

const fileOf = (dataDir: string) => join(dataDir, "postgres.running");

/** Notes where the server of this data folder can be reached, for commands run while it is up. */
export const noteRunning = (dataDir: string, { socketDir, port }: Place) =>
  writeFileSync(fileOf(dataDir), JSON.stringify({ socketDir, port }));

export const forgetRunning = (dataDir: string) => rmSync(fileOf(dataDir), { force: true });

/** How to reach the server that another Muster is running on this data folder; undefined when none answers. */
export async function findRunning(dataDir: string, password: string): Promise<pg.ClientConfig | undefined> {
  try {
    const { socketDir, port } = JSON.parse(readFileSync(fileOf(dataDir), "utf8")) as Place;
    const config = { host: socketDir, port, user: "postgres", password };
    const client = new pg.Client({ ...config, database: "postgres" });
    await client.connect();
    await client.end();
    return config;
  } catch {
    // No note, or nobody behind it any more: a killed Muster takes its server along.
    return undefined;
  }
}
