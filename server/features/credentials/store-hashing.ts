import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";

/** As the system role: tenants in which passwords wait to be hashed. */
export const listTenantsToHash = (tx: Tx) =>
  tx.rows<{ tenant_id: string }>(
    "select distinct tenant_id from credentials where password_hash is null and sealed_password is not null",
  );

/** Passwords that wait to be hashed, sealed, of users after this one. */
export const listPasswordsToHash = ({ tx, tenantId }: Context, most: number, after: string | null) =>
  tx.rows<{ userId: string; sealed: Buffer }>(
    `select user_id as "userId", sealed_password as sealed from credentials
      where tenant_id = $1 and password_hash is null and sealed_password is not null
        and ($3::uuid is null or user_id > $3)
      order by user_id limit $2`,
    [tenantId, most, after],
  );

/** Of those who have not set a password of their own meanwhile. */
export const storeHashes = ({ tx, tenantId }: Context, hashed: readonly { userId: string; hash: string }[]) =>
  tx.run(
    `update credentials c set password_hash = h.hash from unnest($2::uuid[], $3::text[]) h(user_id, hash)
      where c.tenant_id = $1 and c.user_id = h.user_id
        and c.password_hash is null and c.sealed_password is not null`,
    [tenantId, hashed.map((one) => one.userId), hashed.map((one) => one.hash)],
  );
