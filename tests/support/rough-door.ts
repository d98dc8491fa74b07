import type { Context, Door } from "#server/context.ts";
import type { Database } from "#server/platform/db/database.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import type { TestDatabase } from "./database.ts";

/** Thrown where a process would have been killed: its transaction is rolled back, and nobody cleans up. */
export class Killed extends Error {
  override name = "Killed";
}

type Roughness = {
  /** Rows in a transaction, instead of thousands. */
  batchRows: number;
  /** Killed before this statement, counted from 1. */
  dieAt?: number | undefined;
};

const batchSizes = [2000, 5000, 20_000];

/** What a statement is given, with fewer rows where it takes as many as are done in a transaction. */
const fewer =
  (batchRows: number) =>
  (text: string, values: readonly unknown[] = []) => {
    const place = Number(/limit \$(\d+)/.exec(text)?.[1]) - 1;
    return batchSizes.includes(values[place] as number) ? values.with(place, batchRows) : values;
  };

/** A database whose jobs work in small batches: a second transaction takes no thousands of people. */
export function inSmallBatches<Kind extends Database>(database: Kind, batchRows: number): Kind {
  const smaller = fewer(batchRows);
  const smallTx = (tx: Tx): Tx => ({
    ...tx,
    rows: (text, values) => tx.rows(text, smaller(text, values)),
    row: (text, values) => tx.row(text, smaller(text, values)),
    run: (text, values) => tx.run(text, smaller(text, values)),
  });
  return {
    ...database,
    inTenant: (tenantId, work) => database.inTenant(tenantId, (tx) => work(smallTx(tx))),
  };
}

/** A door whose work goes in small batches, and may be killed in the middle of a transaction. */
export function roughDoor(door: Door, { batchRows, dieAt }: Roughness): Door {
  let statements = 0;
  const smaller = fewer(batchRows);
  const living = () => {
    statements += 1;
    if (statements === dieAt) throw new Killed();
  };
  const roughTx = (tx: Context["tx"]): Context["tx"] => ({
    rows: async (text, values) => {
      living();
      return tx.rows(text, smaller(text, values));
    },
    prepared: async (text, values) => {
      living();
      return tx.prepared(text, values);
    },
    send: (text, values) => {
      living();
      tx.send(text, values);
    },
    row: async (text, values) => {
      living();
      return tx.row(text, smaller(text, values));
    },
    run: async (text, values) => {
      living();
      return tx.run(text, smaller(text, values));
    },
  });
  return { ...door, run: (work) => door.run((ctx) => work({ ...ctx, tx: roughTx(ctx.tx) })) };
}

/** Makes the disk of a test's database run full: from the `after`th write to this table on. Undone by `freeDisk`. */
export async function fillDisk(database: TestDatabase, table: string, after: number): Promise<void> {
  await database.query(`
    create schema if not exists disk;
    grant usage on schema disk to public;
    drop sequence if exists disk.writes cascade;
    create sequence disk.writes;
    create or replace function disk.write() returns trigger language plpgsql security definer set search_path = disk as $$
      begin
        if nextval('disk.writes') > tg_argv[0]::int then
          raise exception 'could not extend file: No space left on device' using errcode = '53100';
        end if;
        return null;
      end $$;
    create trigger full_disk before insert or update or delete on muster.${table}
      for each statement execute function disk.write('${after}')`);
}

export const freeDisk = (database: TestDatabase, table: string) =>
  database.query(`drop trigger full_disk on muster.${table}`);
