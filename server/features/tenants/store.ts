import type { Tx } from "#server/platform/db/tx.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { ProblemError } from "#server/platform/errors.ts";

export type Tenant = { id: string; slug: string; name: string; status: "active" | "suspended" };

/** As the system role: nobody knows the tenant yet. */
export const tenantIdOf = async (tx: Tx, slug: string) =>
  (await tx.row<{ id: string }>("select id from tenants where slug = $1", [slug]))?.id;

/** As the system role: whose ids end like that. */
export const tenantsEndingIn = (tx: Tx, tail: string) =>
  tx.rows<{ id: string; slug: string }>("select id, slug from tenants where right(id::text, 12) = $1", [
    tail,
  ]);

export const readTenant = (tx: Tx, id: string) =>
  tx.row<Tenant>("select id, slug, name, status from tenants where id = $1", [id]);

/** As the system role. */
export const anyTenant = async (tx: Tx) => (await tx.row("select 1 from tenants limit 1")) !== undefined;

/** As the system role: the addresses of some tenants whose portal is open. */
export async function activeSlugs(tx: Tx, most: number) {
  const rows = await tx.rows<{ slug: string }>("select slug from tenants where status = 'active' limit $1", [
    most,
  ]);
  return rows.map((row) => row.slug);
}

/** As the system role. */
export const listTenants = (tx: Tx) =>
  tx.rows<Tenant>("select id, slug, name, status from tenants order by slug");

/** As the system role. */
export async function insertTenant(tx: Tx, tenant: { id: string; slug: string; name: string; now: Date }) {
  try {
    await tx.run("insert into tenants (id, slug, name, created_at, updated_at) values ($1, $2, $3, $4, $4)", [
      tenant.id,
      tenant.slug,
      tenant.name,
      tenant.now,
    ]);
  } catch (error) {
    if (violatedConstraint(error) !== "tenants_slug_key") throw error;
    throw new ProblemError(
      409,
      "tenant.slug_taken",
      `The address name ${tenant.slug} is taken. Choose another.`,
      {
        fields: { slug: "This address name is taken. Choose another." },
      },
    );
  }
}

export const slugOf = async (tx: Tx, id: string) =>
  (await tx.row<{ slug: string }>("select slug from tenants where id = $1", [id]))?.slug;
