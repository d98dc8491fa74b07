import { v7 as uuid } from "uuid";
import type { Tx } from "#server/platform/db/tx.ts";
import { insertTenant } from "./store.ts";

type NewTenant = { slug: string; name: string; timeZone?: string | undefined; now: Date };

/** A new tenant, in a transaction of the system role. Without a time zone it has the usual one. */
export async function createTenant(tx: Tx, { timeZone, ...tenant }: NewTenant) {
  const id = uuid();
  await insertTenant(tx, { ...tenant, id, settings: timeZone === undefined ? {} : { timeZone } });
  return { id, slug: tenant.slug };
}
