import type { MusterProcess } from "./run-muster.ts";
import { until } from "./until.ts";

export type Gate = {
  /**
   * Holds the server up in the middle of its work: whoever writes to this table, from when the condition is true on,
   * waits there, its transaction open. Whoever waited elsewhere goes on. It outlives restarts.
   */
  close(table: string, condition: string): Promise<void>;
  open(): Promise<void>;
};

type Gated = Pick<MusterProcess, "query"> & Partial<Pick<MusterProcess, "complaints">>;

/** Installs a gate in a database, of a server or of a test, before each write to these tables. */
export async function gate(muster: Gated, tables: readonly string[]): Promise<Gate> {
  await muster.query(`
    create schema gate;
    create table gate.closed (name text, condition text);
    create function gate.pass() returns trigger language plpgsql security definer set search_path = muster as $$
      declare closed text; waits boolean;
      begin
        loop
          closed := (select condition from gate.closed where name = tg_table_name);
          exit when closed is null;
          execute 'select ' || closed into waits;
          exit when not waits;
          perform pg_sleep(0.005);
        end loop;
        return null;
      end $$`);
  for (const table of tables) {
    await muster.query(
      `create trigger gate before insert or update or delete on muster.${table} for each statement execute function gate.pass()`,
    );
  }
  const open = async () => void (await muster.query("delete from gate.closed"));
  return {
    open,
    close: async (table, condition) => {
      await muster.query("with gone as (delete from gate.closed) insert into gate.closed values ($1, $2)", [
        table,
        condition,
      ]);
      await until(
        async () => (await muster.query(standing, [table])).length > 0,
        `somebody to write to ${table} when ${condition}\n${muster.complaints?.() ?? ""}`,
        60_000,
      );
    },
  };
}

const standing = `select 1 from pg_stat_activity
  where datname = current_database() and usename = 'muster_app' and wait_event = 'PgSleep' and query ~ ('\\m(into|update|from) ' || $1 || '\\M')`;
