import type pg from "pg";
import { escapeIdentifier, escapeLiteral } from "pg";

/**
 * muster_owner: DDL only; under forced row-level security it sees no rows either. muster_app: every request, one tenant
 * at a time. muster_system: work across tenants. muster_queue: background jobs. None a superuser, none bypasses
 * row-level security, each a login of its own (a shared login could SET ROLE from one to the other).
 */
export const databaseRoles = ["muster_owner", "muster_app", "muster_system", "muster_queue"] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

/** The statements that make the four roles; run again they change nothing. */
export function roleStatements(database: string, passwordOf: (role: DatabaseRole) => string): string[] {
  const name = escapeIdentifier(database);
  return [
    ...databaseRoles.flatMap((role) => [
      `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`,
      `alter role ${role} login nocreatedb nocreaterole noinherit password ${escapeLiteral(passwordOf(role))}`,
    ]),
    `grant connect on database ${name} to ${databaseRoles.join(", ")}`,
    `grant create on database ${name} to muster_owner, muster_queue`,
  ];
}

/** Makes the four roles with derived passwords. Throws what PostgreSQL says where the login may not. */
export async function createRoles(
  client: pg.Client,
  database: string,
  passwordOf: (role: DatabaseRole) => string,
) {
  // One at a time: two servers that start at once would otherwise update the same catalog rows.
  await client.query("select pg_advisory_lock(hashtext('muster roles'))");
  try {
    for (const statement of roleStatements(database, passwordOf)) await client.query(statement);
  } finally {
    await client.query("select pg_advisory_unlock(hashtext('muster roles'))");
  }
}
