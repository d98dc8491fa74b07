import type { Door } from "#server/context.ts";
import { findTenant, nobodysTenant } from "#server/features/tenants/find-tenant.ts";
import { readTenant } from "#server/features/tenants/store.ts";
import { type Installation, openInstallation } from "#server/open-installation.ts";
import { readConfig } from "#server/platform/config/config.ts";
import { doorOf } from "#server/serve-routes.ts";

/** What was typed cannot be used; the message says what to write instead. */
export class RefusedInput extends Error {
  override name = "RefusedInput";
}

/** Opens the installation for one command (joining a running Muster) and closes it again. */
export async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const installation = await openInstallation(readConfig(process.env), "join");
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

/** The door of a tenant that is at work, for the operator. */
export async function operatorDoor(installation: Installation, slug: string): Promise<Door> {
  const door = await anyTenantsDoor(installation, slug);
  const status = (await door.run((ctx) => readTenant(ctx.tx, ctx.tenantId)))?.status;
  if (status === "active") return door;
  const way = status === "suspended" ? "reactivate" : "restore";
  throw new RefusedInput(`The tenant ${slug} is ${status}. First: npm run muster -- tenant ${way} ${slug}`);
}

/** The door of a tenant, also of one that is suspended or deleted. */
export async function anyTenantsDoor(installation: Installation, slug: string): Promise<Door> {
  const tenant = await findTenant(installation.database, slug);
  const found = await installation.database.inTenant(tenant.id, (tx) => readTenant(tx, tenant.id));
  if (tenant.id === nobodysTenant || !found || found.status === "erased")
    throw new RefusedInput(`There is no tenant ${slug}. List them: npm run muster -- tenant list`);
  return doorOf(installation, { ...tenant, actor: { kind: "operator" }, now: new Date() });
}

/** For people a line of words, for scripts (`--json`) one line of JSON. */
export function say(json: boolean | undefined, words: string, data: unknown) {
  process.stdout.write(`${json ? JSON.stringify(data) : words}\n`);
}
