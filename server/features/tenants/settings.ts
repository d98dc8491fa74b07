import type { Context } from "#server/context.ts";

/** What a tenant has chosen under a name; undefined where it has chosen nothing. */
export const readSetting = async ({ tx, tenantId }: Context, name: string): Promise<unknown> =>
  (
    await tx.row<{ value: unknown }>("select settings->$2 as value from tenants where id = $1", [
      tenantId,
      name,
    ])
  )?.value;

export const writeSetting = ({ tx, tenantId, now }: Context, name: string, value: unknown) =>
  tx.run(
    "update tenants set settings = settings || jsonb_build_object($2::text, $3::jsonb), updated_at = $4 where id = $1",
    [tenantId, name, JSON.stringify(value), now],
  );
