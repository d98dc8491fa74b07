import type pg from "pg";
import { seconds } from "./time.ts";

/**
 * Plain COPY of a tenant's rows of these tables, from files on the server, in one transaction, into tables that have the same
 * columns and nothing else: no index, no constraint. Writing the files is not timed. Answers the seconds.
 */
export async function bareCopy(client: pg.Client, tenantId: string, tables: readonly string[]) {
  await client.query("create schema bare");
  try {
    const copies: string[] = [];
    for (const table of tables) {
      const file = await exportRows(client, tenantId, table);
      await client.query(`create table bare.${table} as select * from ${table} with no data`);
      copies.push(`copy bare.${table} from '${file}'`);
    }
    return await seconds(() => client.query(["begin", ...copies, "commit"].join("; ")));
  } finally {
    await client.query("drop schema bare cascade");
  }
}

/** Into the server's own folder: it can write there, and the folder goes when the benchmark ends. */
async function exportRows(client: pg.Client, tenantId: string, table: string) {
  const { rows } = await client.query("show data_directory");
  const file = `${rows[0].data_directory}/${table}.copy`;
  await client.query(`copy (select * from ${table} where tenant_id = '${tenantId}') to '${file}'`);
  return file;
}
