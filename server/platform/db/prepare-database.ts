import pg from "pg";
import type { DatabaseRoleUrls } from "#server/platform/config/config.ts";
import { migrate } from "./migrate.ts";
import { createRoles, type DatabaseRole, databaseRoles, roleStatements } from "./roles.ts";

export type RoleConnections = Record<DatabaseRole, pg.ClientConfig>;
type PasswordOf = (role: DatabaseRole) => string;

/** The database cannot be prepared by us; the message says what an administrator must do. */
export class DatabaseNotReady extends Error {
  override name = "DatabaseNotReady";
}

/** Makes the database named `muster` of the embedded server, where it is missing, and answers how to reach it. */
export async function createEmbeddedDatabase(
  superuser: pg.ClientConfig,
  database: string,
): Promise<pg.ClientConfig> {
  await withClient({ ...superuser, database: "postgres" }, async (client) => {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [database]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(database)}`);
  });
  return { ...superuser, database };
}

/**
 * Makes the four roles where this login may, brings the schema up to date, and answers how each role connects. Safe to run
 * at every start, by several servers at once.
 */
export async function prepareDatabase(
  login: pg.ClientConfig,
  passwordOf: PasswordOf,
): Promise<RoleConnections> {
  const database = await withClient(login, async (client) => {
    await requireVersion(client);
    const { rows } = await client.query<{ name: string }>("select current_database() as name");
    const name = rows[0]?.name ?? "";
    await createRoles(client, name, passwordOf).catch((error: Error) => {
      throw new DatabaseNotReady(mustCreateRoles(error, name));
    });
    return name;
  });
  const { user: _user, password: _password, connectionString: _url, ...server } = splitUrl(login);
  const connections = Object.fromEntries(
    databaseRoles.map((role) => [role, { ...server, database, user: role, password: passwordOf(role) }]),
  ) as RoleConnections;
  await migrate(connections.muster_owner);
  return connections;
}

/** Each role has its own URL: an administrator made them. */
export async function prepareWithRoleUrls(urls: DatabaseRoleUrls): Promise<RoleConnections> {
  const connections = {
    muster_owner: { connectionString: urls.owner },
    muster_app: { connectionString: urls.app },
    muster_system: { connectionString: urls.system },
    muster_queue: { connectionString: urls.queue },
  };
  await withClient(connections.muster_owner, requireVersion);
  await migrate(connections.muster_owner);
  return connections;
}

async function requireVersion(client: pg.Client) {
  const { rows } = await client.query<{ version: string }>(
    "select current_setting('server_version_num') as version",
  );
  const version = Math.floor(Number(rows[0]?.version ?? 0) / 10_000);
  if (version < 15)
    throw new DatabaseNotReady(`This PostgreSQL is version ${version}. Muster needs 15 or newer.`);
}

const mustCreateRoles = (
  error: Error,
  database: string,
) => `The login of DATABASE_URL may not make Muster's database roles (${error.message}).
Have an administrator of the server run these statements, with passwords of your own, and give each role's login
in DATABASE_OWNER_URL, DATABASE_APP_URL, DATABASE_SYSTEM_URL and DATABASE_QUEUE_URL:

${roleStatements(database, () => "a password of your own")
  .map((statement) => `  ${statement};`)
  .join("\n")}`;

/** pg lets a URL win over single settings: take it apart, so that user and password can be replaced. */
function splitUrl(login: pg.ClientConfig): pg.ClientConfig {
  if (!login.connectionString) return login;
  const url = new URL(login.connectionString);
  const socketDir = url.searchParams.get("host");
  const ssl = url.searchParams.get("sslmode");
  return {
    host: socketDir ?? decodeURIComponent(url.hostname || "localhost"),
    port: Number(url.port || url.searchParams.get("port") || 5432),
    ...(ssl && ssl !== "disable" && { ssl: { rejectUnauthorized: ssl.startsWith("verify") } }),
  };
}

async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
