import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuid } from "uuid";
import { createTenant } from "#server/features/tenants/create-tenant.ts";
import { addOwner } from "#server/features/users/add-owner.ts";
import { type Installation, openInstallation } from "#server/open-installation.ts";
import { readConfig } from "#server/platform/config/config.ts";
import { doorOf } from "#server/serve-routes.ts";
import { jobServices } from "#server/start-background.ts";

/** A whole Muster on an embedded PostgreSQL of its own, set as in production; gone afterwards. */
export async function withInstallation<T>(
  work: (installation: Installation) => Promise<T>,
  environment: Record<string, string> = {},
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "muster-bench-"));
  chmodSync(dataDir, 0o711);
  const installation = await openInstallation(
    readConfig({ MUSTER_DATA: dataDir, LOG_LEVEL: "error", ...environment }),
  );
  try {
    return await work(installation);
  } finally {
    await installation.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export type Tenant = Awaited<ReturnType<typeof newTenant>>;

/** A new tenant with an owner, and the door through which the owner acts. */
export async function newTenant(installation: Installation) {
  const slug = `b${uuid().slice(-12)}`;
  const now = new Date();
  const { id } = await installation.database.asSystem("a tenant for a benchmark", (tx) =>
    createTenant(tx, { slug, name: slug, now }),
  );
  const as = (ownerId: string) =>
    doorOf(installation, {
      id,
      slug,
      now,
      actor: { kind: "user", id: ownerId, role: "owner", mustChangePassword: false },
    });
  const ownerId = await as(uuid()).run((ctx) =>
    addOwner(ctx, { email: "owner@example.org", firstName: "O", lastName: "Wner", passwordHash: "none" }),
  );
  return { id, door: as(ownerId), services: jobServices(installation, new AbortController().signal) };
}
