import type { Context } from "#server/context.ts";

/** SQL for "this user has a second factor", about columns of other tables: recovery codes alone are none. */
export const hasFactor = (tenantId: string, userId: string) =>
  `(exists (select from authenticators a where a.tenant_id = ${tenantId} and a.user_id = ${userId})
    or exists (select from passkeys p where p.tenant_id = ${tenantId} and p.user_id = ${userId}))`;

export async function whetherHasFactor({ tx, tenantId }: Context, userId: string): Promise<boolean> {
  const row = await tx.row<{ has: boolean }>(`select ${hasFactor("$1", "$2")} as has`, [tenantId, userId]);
  return row?.has ?? false;
}

type Authenticator = { sealed_secret: Buffer; set_up_at: Date; wrong_codes: number };

export const readAuthenticator = ({ tx, tenantId }: Context, userId: string) =>
  tx.row<Authenticator>(
    "select sealed_secret, set_up_at, wrong_codes from authenticators where tenant_id = $1 and user_id = $2",
    [tenantId, userId],
  );

/** In place of one there was. The step never goes back: what was used once stays used, whatever is set up again. */
export const writeAuthenticator = (
  { tx, tenantId, now }: Context,
  { userId, sealedSecret, step }: { userId: string; sealedSecret: Buffer; step: number },
) =>
  tx.run(
    `insert into authenticators (tenant_id, user_id, sealed_secret, set_up_at, last_step) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, user_id) do update
       set sealed_secret = excluded.sealed_secret, set_up_at = excluded.set_up_at, wrong_codes = 0,
           last_step = greatest(authenticators.last_step, excluded.last_step)`,
    [tenantId, userId, sealedSecret, now, step],
  );

/** Of two who give the same code at once, one is too late. Answers whether it was not used yet. */
export const takeStep = async ({ tx, tenantId }: Context, userId: string, step: number) =>
  (await tx.run(
    "update authenticators set last_step = $3 where tenant_id = $1 and user_id = $2 and last_step < $3",
    [tenantId, userId, step],
  )) > 0;

/** Answers how many there were since the last right second factor, with this one. */
export async function countWrongCode({ tx, tenantId }: Context, userId: string): Promise<number> {
  const row = await tx.row<{ wrong_codes: number }>(
    `update authenticators set wrong_codes = wrong_codes + 1 where tenant_id = $1 and user_id = $2
     returning wrong_codes`,
    [tenantId, userId],
  );
  return row?.wrong_codes ?? 0;
}

export const clearWrongCodes = ({ tx, tenantId }: Context, userId: string) =>
  tx.run(
    "update authenticators set wrong_codes = 0 where tenant_id = $1 and user_id = $2 and wrong_codes > 0",
    [tenantId, userId],
  );

/** Answers how many there were, like those below. */
export const removeAuthenticators = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from authenticators where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);

export const insertRecoveryCodes = (
  { tx, tenantId, now }: Context,
  userId: string,
  hashes: readonly Buffer[],
) =>
  tx.run(
    `insert into recovery_codes (tenant_id, user_id, code_hash, made_at)
     select $1, $2, hash, $3 from unnest($4::bytea[]) hash`,
    [tenantId, userId, now, hashes],
  );

/** Answers whether there was one that had not been used. */
export const takeRecoveryCode = async ({ tx, tenantId, now }: Context, userId: string, hash: Buffer) =>
  (await tx.run(
    `update recovery_codes set used_at = $4
      where tenant_id = $1 and user_id = $2 and code_hash = $3 and used_at is null`,
    [tenantId, userId, hash, now],
  )) > 0;

type RecoveryCode = { made_at: Date; used_at: Date | null };

/** Those used last come last. */
export const listRecoveryCodes = ({ tx, tenantId }: Context, userId: string) =>
  tx.rows<RecoveryCode>(
    `select made_at, used_at from recovery_codes where tenant_id = $1 and user_id = $2
      order by used_at nulls first, code_hash`,
    [tenantId, userId],
  );

export const removeRecoveryCodes = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from recovery_codes where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);
