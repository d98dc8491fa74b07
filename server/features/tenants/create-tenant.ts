import { v7 as uuid } from "uuid";
import type { Tx } from "#server/platform/db/tx.ts";
import { insertTenant } from "./store.ts";

/** A new tenant, in a transaction of the system role. */
export async function createTenant(tx: Tx, tenant: { slug: string; name: string; now: Date }) {
  const id = uuid();
  await insertTenant(tx, { ...tenant, id });
  return { id, slug: tenant.slug };
}
