import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { readTenant, type Tenant, type TenantStatus, writeTenantStatus } from "./store.ts";

/** Nobody signs in, sessions are none, nothing is sent, no import or bulk action goes on: all of it is looked at when it happens. */
export const suspendTenant = (ctx: Context) =>
  move(ctx, { from: "active", to: "suspended", action: "tenant.suspended" });

/** What waited goes on where it was: sweeps find it within a minute. */
export const reactivateTenant = (ctx: Context) =>
  move(ctx, { from: "suspended", to: "active", action: "tenant.reactivated" });

type Move = { from: TenantStatus; to: TenantStatus; action: string };

async function move(ctx: Context, { from, to, action }: Move) {
  const tenant = await lockTenant(ctx);
  if (tenant.status === to) return;
  if (tenant.status !== from) throw deleted(tenant);
  await writeTenantStatus(ctx, { status: to, statusBefore: null, eraseAt: null });
  await record(ctx, { action, target: { kind: "tenant", id: ctx.tenantId } });
}

export async function lockTenant({ tx, tenantId }: Context): Promise<Tenant> {
  const tenant = await readTenant(tx, tenantId, "lock");
  if (!tenant || tenant.status === "erased")
    throw new ProblemError(404, "not_found", "There is no such tenant.");
  return tenant;
}

const deleted = ({ slug }: Tenant) =>
  new ProblemError(
    409,
    "tenant.deleted",
    `The tenant ${slug} is deleted. Restore it first: tenant restore ${slug}`,
  );
