import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeSchema } from "#server/platform/db/describe-schema.ts";
import { migrationsDir } from "#server/platform/db/migrate.ts";
import {
  type ExternalPostgres,
  startExternalPostgres,
  systemPostgres,
} from "#tests/support/external-postgres.ts";

const programs = systemPostgres();
const cli = resolve(import.meta.dirname, "../../cli/main.ts");
const key = "11".repeat(32);

// Runs where the system has a PostgreSQL installed, as Debian's build machines have; the embedded one is proved elsewhere.
describe.runIf(programs)("with DATABASE_URL", () => {
  let external: ExternalPostgres;
  const url = (login: string, database: string) =>
    `postgres://${login}@127.0.0.1:${external.port}/${database}`;
  const admin = (database: string) =>
    url(`postgres:${encodeURIComponent(external.superuserPassword)}`, database);
  const query = async (database: string, ...statements: string[]) => {
    const client = new pg.Client(admin(database));
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const muster = (environment: Record<string, string>, ...args: string[]) => {
    const env = { PATH: process.env.PATH ?? "", MUSTER_KEY: key, ...environment };
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: "utf8" });
    return { status, said: stdout + stderr };
  };

  beforeAll(async () => {
    external = await startExternalPostgres(programs ?? "");
    await query(
      "postgres",
      "create role creator login createrole password 'c'",
      "create database people owner creator",
      "create role plain login password 'p'",
      "create database plaindb owner plain",
    );
  });
  afterAll(() => external?.stop());

  test("a login that may not create roles is told what an administrator must run", () => {
    const refused = muster({ DATABASE_URL: url("plain:p", "plaindb") }, "db", "prepare");
    expect(refused.status).toBe(2);
    expect(refused.said).toContain('grant create on database "plaindb" to muster_owner, muster_queue');
  });

  test("a login that is no superuser but may create roles is all it takes, and the schema is the same", async () => {
    const environment = { DATABASE_URL: url("creator:c", "people") };
    expect(muster(environment, "tenant", "create", "--slug", "acme", "--name", "Acme")).toMatchObject({
      status: 0,
    });
    // Every start prepares the database again.
    expect(muster(environment, "tenant", "list").said).toMatch(/^acme +Acme +active$/m);
    const client = new pg.Client(admin("people"));
    await client.connect();
    const described = await describeSchema(client);
    await client.end();
    expect(described).toBe(readFileSync(join(migrationsDir, "schema.sql"), "utf8"));
  });

  test("another instance key is refused before anything is touched", () => {
    const other = { DATABASE_URL: url("creator:c", "people"), MUSTER_KEY: "22".repeat(32) };
    const refused = muster(other, "tenant", "list");
    expect(refused.status).toBe(2);
    expect(refused.said).toContain("does not fit the instance key");
    expect(muster({ DATABASE_URL: url("creator:c", "people") }, "tenant", "list").status).toBe(0);
  });

  test("four logins made by an administrator do as well", async () => {
    const roles = ["owner", "app", "system", "queue"];
    await query(
      "plaindb",
      "grant create on database plaindb to muster_owner, muster_queue",
      ...roles.map((role) => `alter role muster_${role} password 'own'`),
    );
    const environment = Object.fromEntries(
      roles.map((role) => [`DATABASE_${role.toUpperCase()}_URL`, url(`muster_${role}:own`, "plaindb")]),
    );
    const made = muster(environment, "tenant", "create", "--slug", "four", "--name", "Four");
    expect(made, made.said).toMatchObject({ status: 0 });
  });

  test("a database that is not there is said in words", () => {
    const refused = muster({ DATABASE_URL: "postgres://a:b@127.0.0.1:1/x" }, "tenant", "list");
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.said).toContain("cannot reach its database");
  });
});
