import type pg from "pg";
import { escapeIdentifier, escapeLiteral } from "pg";

/**
 * muster_owner: DDL only; under forced row-level security it sees no rows either. muster_app: every request, one tenant
 * at a time. muster_system: work across tenants. muster_queue: background jobs. None a superuser, none bypasses
 * row-level security, each a login of its own (a shared login could SET ROLE from one to the other).
 */
export const databaseRoles = ["muster_owner", "muster_app", "muster_system", "muster_queue"] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

type PasswordOf = (role: DatabaseRole) => string;

const createRole = (role: DatabaseRole, password: string) =>
  `create role ${role} login nocreatedb nocreaterole noinherit password ${escapeLiteral(password)}`;

const grants = (database: string) => [
  `grant connect on database ${escapeIdentifier(database)} to ${databaseRoles.join(", ")}`,
  `grant create on database ${escapeIdentifier(database)} to muster_owner, muster_queue`,
];

/** The statements that make the four roles, for an administrator to run. */
export const roleStatements = (database: string, passwordOf: PasswordOf): string[] => [
  ...databaseRoles.map((role) => createRole(role, passwordOf(role))),
  ...grants(database),
];

/**
 * Makes those of the four roles that are missing. One that exists keeps its password: roles belong to the whole server, and
 * it may be another installation's. Throws what PostgreSQL says where the login may not.
 */
export async function createRoles(client: pg.Client, database: string, passwordOf: PasswordOf) {
  // One at a time: two servers that start at once would otherwise make the same role twice.
  await client.query("select pg_advisory_lock(hashtext('muster roles'))");
  try {
    const { rows } = await client.query<{ rolname: string }>(
      "select rolname from pg_roles where rolname = any($1)",
      [[...databaseRoles]],
    );
    const there = new Set(rows.map((row) => row.rolname));
    for (const role of databaseRoles) {
      if (!there.has(role)) await client.query(createRole(role, passwordOf(role)));
    }
    for (const statement of grants(database)) await client.query(statement);
  } finally {
    await client.query("select pg_advisory_unlock(hashtext('muster roles'))");
  }
}
