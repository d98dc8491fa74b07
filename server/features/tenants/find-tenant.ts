import type { Database } from "#server/platform/db/database.ts";
import { tenantIdOf } from "./store.ts";

/**
 * What an unknown slug stands for: a tenant that has nobody and nothing. Every operation then takes the way it takes for
 * a tenant where the credential is wrong, and answers alike.
 */
export const nobodysTenant = "00000000-0000-0000-0000-000000000000";

// A slug never changes and never comes back, so what was found once stays true. Bounded by the number of tenants.
const found = new WeakMap<Database, Map<string, string>>();

export async function findTenant(database: Database, slug: string): Promise<{ id: string; slug: string }> {
  const known = found.get(database) ?? new Map<string, string>();
  found.set(database, known);
  const id =
    known.get(slug) ?? (await database.asSystem("find a tenant by its slug", (tx) => tenantIdOf(tx, slug)));
  if (id) known.set(slug, id);
  return { id: id ?? nobodysTenant, slug };
}
