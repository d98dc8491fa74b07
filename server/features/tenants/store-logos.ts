import type { Context } from "#server/context.ts";

export type Logo = { mediaType: string; content: Buffer; digest: string };

export const readLogo = ({ tx, tenantId }: Context) =>
  tx.row<Logo>(`select media_type as "mediaType", content, digest from tenant_logos where tenant_id = $1`, [
    tenantId,
  ]);

export const writeLogo = ({ tx, tenantId }: Context, { mediaType, content, digest }: Logo) =>
  tx.run(
    `insert into tenant_logos (tenant_id, media_type, content, digest) values ($1, $2, $3, $4)
     on conflict (tenant_id) do update
       set media_type = excluded.media_type, content = excluded.content, digest = excluded.digest`,
    [tenantId, mediaType, content, digest],
  );

/** Answers whether there was one. */
export const removeLogoRow = async ({ tx, tenantId }: Context) =>
  (await tx.run("delete from tenant_logos where tenant_id = $1", [tenantId])) > 0;

export const readLogoDigest = async ({ tx, tenantId }: Pick<Context, "tx" | "tenantId">) =>
  (await tx.row<{ digest: string }>("select digest from tenant_logos where tenant_id = $1", [tenantId]))
    ?.digest ?? null;

/** Keeps the logo there is among those that were, the latest of these. */
export async function keepPastLogo({ tx, tenantId, now }: Context, most: number) {
  await tx.run(
    `insert into past_logos (tenant_id, digest, media_type, content, replaced_at)
     select tenant_id, digest, media_type, content, $2 from tenant_logos where tenant_id = $1
     on conflict (tenant_id, digest) do update set replaced_at = excluded.replaced_at`,
    [tenantId, now],
  );
  await tx.run(
    `delete from past_logos where tenant_id = $1 and digest not in (
       select digest from past_logos where tenant_id = $1 order by replaced_at desc, digest limit $2)`,
    [tenantId, most],
  );
}

export const readPastLogo = ({ tx, tenantId }: Pick<Context, "tx" | "tenantId">, digest: string) =>
  tx.row<Logo>(
    `select media_type as "mediaType", content, digest from past_logos where tenant_id = $1 and digest = $2`,
    [tenantId, digest],
  );
