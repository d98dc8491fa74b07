import type { Tx } from "#server/platform/db/tx.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { ProblemError } from "#server/platform/errors.ts";

/** `deleted`: can be restored until its days of grace are over. `erased`: only its slug is left. */
export type TenantStatus = "active" | "suspended" | "deleted" | "erased";
export type Tenant = {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  /** Of a deleted one: what restoring makes of it. */
  status_before: TenantStatus | null;
  /** Of a deleted one: when its days of grace are over. Of an erased one: when it is looked through once more. */
  erase_at: Date | null;
};

const columns = "id, slug, name, status, status_before, erase_at";

/** As the system role: nobody knows the tenant yet. */
export const tenantIdOf = async (tx: Tx, slug: string) =>
  (await tx.row<{ id: string }>("select id from tenants where slug = $1", [slug]))?.id;

/** As the system role: whose ids end like that. */
export const tenantsEndingIn = (tx: Tx, tail: string) =>
  tx.rows<{ id: string; slug: string }>("select id, slug from tenants where right(id::text, 12) = $1", [
    tail,
  ]);

export const readTenant = (tx: Tx, id: string, lock?: "lock") =>
  tx.row<Tenant>(`select ${columns} from tenants where id = $1 ${lock ? "for update" : ""}`, [id]);

/** Whether its people may sign in and its work goes on. */
export const isTenantActive = async ({ tx, tenantId }: { tx: Tx; tenantId: string }) =>
  (await readTenant(tx, tenantId))?.status === "active";

type StatusChange = {
  status: TenantStatus;
  /** "kept": as it is. */
  statusBefore: TenantStatus | "kept" | null;
  eraseAt: Date | null;
};

/** As the system role. Of a tenant this transaction has locked. */
export const writeTenantStatus = (
  { tx, tenantId, now }: { tx: Tx; tenantId: string; now: Date },
  { status, statusBefore, eraseAt }: StatusChange,
) =>
  tx.run(
    `update tenants set status = $2, status_before = case when $3 = 'kept' then status_before else $3 end,
            erase_at = $4, updated_at = $5
      where id = $1`,
    [tenantId, status, statusBefore, eraseAt, now],
  );

export type SettingsRow = Tenant & { settings: Record<string, unknown>; settings_version: number };

export const readSettingsRow = async (tx: Tx, id: string) => {
  const sql = `select ${columns}, settings, settings_version from tenants where id = $1`;
  const [row] = await tx.prepared<SettingsRow>(sql, [id]);
  return row;
};

type SettingsChange = {
  tenantId: string;
  now: Date;
  name?: string | undefined;
  /** By name; those not named stay. */
  chosen: Record<string, unknown>;
  /** Only where the page of settings is still as of this version, which is then a later one. */
  version?: number;
};

/** Answers whether anything was written. */
export async function writeSettings(tx: Tx, { tenantId, now, name, chosen, version }: SettingsChange) {
  const written = await tx.run(
    `update tenants set settings = settings || $2, name = coalesce($3, name), updated_at = $4,
            settings_version = case when $5::int is null then settings_version else settings_version + 1 end
      where id = $1 and ($5::int is null or settings_version = $5)`,
    [tenantId, JSON.stringify(chosen), name ?? null, now, version ?? null],
  );
  return written > 0;
}

/** As the system role. */
export const anyTenant = async (tx: Tx) =>
  (await tx.row("select 1 from tenants where status <> 'erased' limit 1")) !== undefined;

/** As the system role: the addresses of some tenants whose portal is open. */
export async function activeSlugs(tx: Tx, most: number) {
  const rows = await tx.rows<{ slug: string }>(
    "select slug from tenants where status = 'active' order by slug limit $1",
    [most],
  );
  return rows.map((row) => row.slug);
}

/** As the system role. */
export const listTenants = (tx: Tx) =>
  tx.rows<Tenant>(`select ${columns} from tenants where status <> 'erased' order by slug`);

type NewTenant = { id: string; slug: string; name: string; settings: Record<string, unknown>; now: Date };

/** As the system role. */
export async function insertTenant(tx: Tx, tenant: NewTenant) {
  try {
    await tx.run(
      `insert into tenants (id, slug, name, settings, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)`,
      [tenant.id, tenant.slug, tenant.name, JSON.stringify(tenant.settings), tenant.now],
    );
  } catch (error) {
    if (violatedConstraint(error) !== "tenants_slug_key") throw error;
    throw new ProblemError(
      409,
      "tenant.slug_taken",
      `The slug ${tenant.slug} is taken: a tenant has it or had it. Choose another.`,
      { fields: { slug: "This one is taken. Choose another." } },
    );
  }
}

export const slugOf = async (tx: Tx, id: string) =>
  (await tx.row<{ slug: string }>("select slug from tenants where id = $1", [id]))?.slug;
