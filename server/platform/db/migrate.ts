import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { DatabaseNotReady } from "./database-not-ready.ts";

export const migrationsDir = join(import.meta.dirname, "../../../migrations");

type Migration = { name: string; sql: string; sha256: string };

/** All migrations, in order: `0001-….sql`. Forward only; one that has been run is never changed. */
export const readMigrations = (): Migration[] =>
  readdirSync(migrationsDir)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(migrationsDir, name), "utf8");
      return { name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
    });

/** Brings the schema up to date as muster_owner. Several servers may start at once: one migrates, the others wait. */
export async function migrate(owner: pg.ClientConfig): Promise<string[]> {
  const client = new pg.Client(owner);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('muster migrations'))");
    await client.query(`create schema if not exists migrations;
      create table if not exists migrations.done (
        name text primary key, sha256 text not null, run_at timestamptz not null default now())`);
    const { rows } = await client.query<{ name: string; sha256: string }>(
      "select name, sha256 from migrations.done",
    );
    const done = new Map(rows.map((row) => [row.name, row.sha256]));
    const run: string[] = [];
    for (const migration of checked(readMigrations(), done)) {
      await runMigration(client, migration);
      run.push(migration.name);
    }
    return run;
  } finally {
    await client.end();
  }
}

/** Those not yet run. Refuses a database that is ahead of this version, or a migration that was changed afterwards. */
function checked(migrations: Migration[], done: Map<string, string>): Migration[] {
  const known = new Set(migrations.map((migration) => migration.name));
  const ahead = [...done.keys()].filter((name) => !known.has(name));
  if (ahead.length > 0) {
    throw new DatabaseNotReady(
      `This database was migrated by a newer Muster (${ahead.join(", ")}). Start that version or a newer one.`,
    );
  }
  for (const { name, sha256 } of migrations) {
    if (done.has(name) && done.get(name) !== sha256) {
      throw new DatabaseNotReady(
        `Migration ${name} is not the one this database was made with. Put its file back as it was.`,
      );
    }
  }
  return migrations.filter((migration) => !done.has(migration.name));
}

async function runMigration(client: pg.Client, { name, sql, sha256 }: Migration) {
  await client.query("begin");
  try {
    await client.query("insert into migrations.done (name, sha256) values ($1, $2)", [name, sha256]);
    await client.query(sql);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
