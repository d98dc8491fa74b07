import { randomBytes } from "node:crypto";
import pg from "pg";
import type { NpmFolder } from "./npm-folder.ts";

/** As far as it is used here. */
type BetterAuth = {
  betterAuth(options: object): {
    api: { createUser(call: { body: { email: string; name: string; role: string } }): Promise<unknown> };
  };
};

export const betterAuthPackages = ["better-auth@1.7.25", "pg@8.23.1"];

/**
 * better-auth with its admin plugin, in this process, on a database of its own. `createUser` has no caller here, so that no
 * session is looked up; without a password it hashes nothing.
 */
export async function openBetterAuth(folder: NpmFolder, connection: pg.PoolConfig) {
  const pool = new pg.Pool(connection);
  const { betterAuth } = await folder.load<BetterAuth>("better-auth");
  const { admin } = await folder.load<{ admin(): object }>("better-auth/plugins");
  const { getMigrations } = await folder.load<{
    getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }>;
  }>("better-auth/db/migration");
  const options = {
    database: pool,
    secret: randomBytes(32).toString("hex"),
    baseURL: "http://localhost",
    plugins: [admin()],
    telemetry: { enabled: false },
  };
  await (await getMigrations(options)).runMigrations();
  const { api } = betterAuth(options);
  return {
    /** As many calls at once as `inFlight`. */
    createUsers: async (people: Iterator<{ email: string; name: string }>, inFlight: number) => {
      const hand = async () => {
        for (let next = people.next(); !next.done; next = people.next()) {
          await api.createUser({ body: { ...next.value, role: "user" } });
        }
      };
      await Promise.all(Array.from({ length: inFlight }, hand));
    },
    countUsers: async () => Number((await pool.query('select count(*) from "user"')).rows[0].count),
    close: () => pool.end(),
  };
}
