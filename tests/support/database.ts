import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { type Database, openDatabase } from "#server/platform/db/database.ts";
import { type DatabaseRole, databaseRoles } from "#server/platform/db/roles.ts";
import { quiet } from "./quiet-log.ts";

export type TestDatabase = Database & {
  name: string;
  /** How each role, and the superuser of the test server, connect to this database. */
  connection: Record<DatabaseRole | "superuser", pg.ClientConfig>;
  /** As the superuser, whom row-level security does not bind: for looking and for making trouble only. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Closes all connections and removes the database. */
  drop(): Promise<void>;
};

/** A database of its own for a test file: migrated, empty, used by the same four roles as in production. */
export async function testDatabase(): Promise<TestDatabase> {
  const secrets = instanceSecrets(Buffer.from(inject("server").instanceKey, "hex"));
  const { name, superuser, drop } = await cloneTemplate();
  const connection = Object.fromEntries([
    ...databaseRoles.map((role) => [
      role,
      { ...superuser, user: role, password: secrets.derivePassword(role) },
    ]),
    ["superuser", superuser],
  ]) as TestDatabase["connection"];
  const { muster_app: app, muster_system: system, muster_queue: queue } = connection;
  const database = openDatabase({ app, system, queue }, quiet);
  const admin = new pg.Pool({ ...superuser, max: 2, options: "-c search_path=muster,app" });
  admin.on("error", () => {});
  return {
    ...database,
    name,
    connection,
    query: async (text, values) => (await admin.query(text, values)).rows,
    drop: async () => {
      await database.close();
      await admin.end();
      await drop();
    },
  };
}

/** A database like the template, on the test run's server. */
export async function cloneTemplate() {
  const { instanceKey: _, ...server } = inject("server");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(server, (client) => client.query(`create database ${name} template muster_template`));
  return {
    name,
    superuser: { ...server, database: name },
    drop: () => onServer(server, (client) => client.query(`drop database ${name} with (force)`)),
  };
}

async function onServer(server: pg.ClientConfig, work: (client: pg.Client) => Promise<unknown>) {
  const client = new pg.Client({ ...server, database: "postgres" });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
