import type { Context } from "#server/context.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { openPassword } from "./sealed-password.ts";
import { daysAfter, validity } from "./validity.ts";

export type Credential = {
  password_hash: string | null;
  temporary: boolean;
  expires_at: Date | null;
};

export const readCredential = ({ tx, tenantId }: Context, userId: string) =>
  tx.row<Credential>(
    "select password_hash, temporary, expires_at from credentials where tenant_id = $1 and user_id = $2",
    [tenantId, userId],
  );

/** The password a person chose themselves: whatever was waiting to be mailed is of no use any more. */
export async function storePassword({ tx, tenantId, now }: Context, userId: string, passwordHash: string) {
  await tx.run(
    `insert into credentials (tenant_id, user_id, password_hash, temporary, changed_at) values ($1, $2, $3, false, $4)
     on conflict (tenant_id, user_id) do update
       set password_hash = excluded.password_hash, temporary = false, expires_at = null, sealed_password = null,
           changed_at = excluded.changed_at`,
    [tenantId, userId, passwordHash, now],
  );
}

/** The passwords that wait to be mailed, opened. Who has none is not in the answer. */
export async function readSealedPasswords(
  ctx: Context,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await ctx.tx.rows<{ user_id: string; sealed_password: Buffer }>(
    `select user_id, sealed_password from credentials
      where tenant_id = $1 and user_id = any($2) and sealed_password is not null`,
    [ctx.tenantId, userIds],
  );
  return new Map(
    rows.map((row) => {
      const owner = { tenantId: ctx.tenantId, userId: row.user_id };
      return [row.user_id, openPassword(ctx.instance.secrets, owner, row.sealed_password)];
    }),
  );
}

/** Their email was accepted, or given up: the password need not wait any longer. Not before it is hashed. */
export async function wipeSealedPasswords({ tx, tenantId }: Context, userIds: readonly string[]) {
  await tx.run(
    `update credentials set sealed_password = null
      where tenant_id = $1 and user_id = any($2) and sealed_password is not null and password_hash is not null`,
    [tenantId, userIds],
  );
}

/** Nobody will be sent it: also one that nobody can sign in with yet. */
export async function discardSealedPasswords({ tx, tenantId }: Context, userIds: readonly string[]) {
  await tx.run("update credentials set sealed_password = null where tenant_id = $1 and user_id = any($2)", [
    tenantId,
    userIds,
  ]);
}

/** Their email was accepted: from now on the days count. */
export async function startPasswordExpiry({ tx, tenantId, now }: Context, userIds: readonly string[]) {
  await tx.run(
    `update credentials set expires_at = least($3, changed_at + $4 * interval '1 day')
      where tenant_id = $1 and user_id = any($2) and temporary`,
    [tenantId, userIds, daysAfter(now, validity.days), validity.atMostDays],
  );
}

/**
 * Stores the temporary passwords (`id`, `password_hash`, `sealed_password`) of those of the source's people who have one
 * and are among `userIds`. Answers who.
 */
export async function insertTemporaryPasswords(
  { tx, tenantId, now }: Context,
  source: SqlSource,
  userIds: readonly string[],
) {
  const [at, expires, made] = [after(source, 1), after(source, 2), after(source, 3)];
  const rows = await tx.rows<{ user_id: string; hashed: boolean }>(
    `insert into credentials (tenant_id, user_id, password_hash, sealed_password, temporary, changed_at, expires_at)
     select $1, p.id, p.password_hash, p.sealed_password, true, ${at}, ${expires}
       from (${source.sql}) p where p.sealed_password is not null and p.id = any(${made}::uuid[])
     returning user_id, password_hash is not null hashed`,
    [tenantId, ...source.values, now, daysAfter(now, validity.atMostDays), userIds],
  );
  return new Map(rows.map((row) => [row.user_id, row.hashed]));
}

/** As the system role: seals of temporary passwords that are too old to sign in with. */
export const wipeExpiredSeals = (tx: Tx, now: Date) =>
  tx.run(
    "update credentials set sealed_password = null where sealed_password is not null and expires_at < $1",
    [now],
  );

/** As the system role: tenants in which passwords wait to be hashed. */
export const listTenantsToHash = (tx: Tx) =>
  tx.rows<{ tenant_id: string }>(
    "select distinct tenant_id from credentials where password_hash is null and sealed_password is not null",
  );

/** Passwords that wait to be hashed, sealed. */
export const listPasswordsToHash = ({ tx, tenantId }: Context, most: number) =>
  tx.rows<{ userId: string; sealed: Buffer }>(
    `select user_id as "userId", sealed_password as sealed from credentials
      where tenant_id = $1 and password_hash is null and sealed_password is not null
      order by user_id limit $2`,
    [tenantId, most],
  );

/** Of those who have not set a password of their own meanwhile. */
export const storeHashes = (
  { tx, tenantId }: Context,
  userIds: readonly string[],
  hashes: readonly string[],
) =>
  tx.run(
    `update credentials c set password_hash = h.hash from unnest($2::uuid[], $3::text[]) h(user_id, hash)
      where c.tenant_id = $1 and c.user_id = h.user_id
        and c.password_hash is null and c.sealed_password is not null`,
    [tenantId, userIds, hashes],
  );
