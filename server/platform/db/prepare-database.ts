import pg from "pg";
import type { DatabaseRoleUrls } from "#server/platform/config/config.ts";
import { DatabaseNotReady } from "./database-not-ready.ts";
import { migrate } from "./migrate.ts";
import { createRoles, type DatabaseRole, databaseRoles, roleStatements } from "./roles.ts";

export type RoleConnections = Record<DatabaseRole, pg.ClientConfig>;
type PasswordOf = (role: DatabaseRole) => string;

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
  const connections = Object.fromEntries(
    databaseRoles.map((role) => [role, signedInAs(login, role, { database, password: passwordOf(role) })]),
  ) as RoleConnections;
  await requireOwnRoles(connections);
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

/** Roles of these names that another installation made have another password. */
async function requireOwnRoles(connections: RoleConnections) {
  for (const role of databaseRoles) {
    await withClient(connections[role], async () => {}).catch((error: Error) => {
      const refused = "code" in error && authentication.has(String(error.code));
      throw refused ? new DatabaseNotReady(foreignRoles(role), { cause: error }) : error;
    });
  }
}

async function requireVersion(client: pg.Client) {
  const { rows } = await client.query<{ version: string }>(
    "select current_setting('server_version_num') as version",
  );
  const version = Math.floor(Number(rows[0]?.version ?? 0) / 10_000);
  if (version < 15)
    throw new DatabaseNotReady(`This PostgreSQL is version ${version}. Muster needs 15 or newer.`);
}

const foreignRoles = (
  role: DatabaseRole,
) => `This PostgreSQL has a role ${role} whose password does not fit the instance key.
Either the instance key is not the one this installation was made with: put your copy of it back (MUSTER_KEY, or
instance.key in MUSTER_DATA). Or the role belongs to another Muster on the same server: use a server of its own for each,
or give each role its own login in DATABASE_OWNER_URL, DATABASE_APP_URL, DATABASE_SYSTEM_URL and DATABASE_QUEUE_URL.`;

const mustCreateRoles = (
  error: Error,
  database: string,
) => `The login of DATABASE_URL may not make Muster's database roles (${error.message}).
Have an administrator of the server run these statements, with passwords of your own, and give each role's login
in DATABASE_OWNER_URL, DATABASE_APP_URL, DATABASE_SYSTEM_URL and DATABASE_QUEUE_URL:

${roleStatements(database, () => "a password of your own")
  .map((statement) => `  ${statement};`)
  .join("\n")}`;

/** The same server and settings, another login. In a URL, since pg lets a URL win over single settings. */
function signedInAs(
  login: pg.ClientConfig,
  user: string,
  { database, password }: { database: string; password: string },
) {
  if (!login.connectionString) return { ...login, database, user, password };
  const url = new URL(login.connectionString);
  // An address without a host (a socket's folder as a parameter) takes no login of its own.
  url.username = user;
  url.password = password;
  if (!url.hostname) {
    url.searchParams.set("user", user);
    url.searchParams.set("password", password);
  }
  return { connectionString: url.toString() };
}

/** Wrong password, or no such login. */
const authentication = new Set(["28P01", "28000"]);

const unreachable = (cause: Error) =>
  new DatabaseNotReady(
    `Muster cannot reach its database: ${cause.message}. Check that PostgreSQL runs and that DATABASE_URL names its host, port and database.`,
    { cause },
  );

async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  await client.connect().catch((error: Error) => {
    throw "code" in error && authentication.has(String(error.code)) ? error : unreachable(error);
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
