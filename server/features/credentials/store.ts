import type { Context } from "#server/context.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { readSettings } from "../tenants/settings.ts";
import { atMostDays, daysAfter } from "./validity.ts";

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

/** One that somebody chose themselves, which works until they choose another. */
export const hasOwnPassword = (credential: Credential | undefined) =>
  credential !== undefined && credential.password_hash !== null && !credential.temporary;

export type CredentialOf = ReadonlyMap<string, Credential>;

/**
 * The credentials of these people, locked: before any message of theirs is written (users, credentials, messages, links: in
 * this order everywhere).
 */
export const lockedCredentials = (ctx: Context, userIds: readonly string[]) =>
  credentialsOf(ctx, userIds, "lock");

export async function credentialsOf(
  { tx, tenantId }: Context,
  userIds: readonly string[],
  lock?: "lock",
): Promise<CredentialOf> {
  const rows = await tx.rows<Credential & { user_id: string }>(
    `select user_id, password_hash, temporary, expires_at from credentials
      where tenant_id = $1 and user_id = any($2) order by user_id ${lock ? "for update" : ""}`,
    [tenantId, userIds],
  );
  return new Map(rows.map(({ user_id, ...credential }) => [user_id, credential]));
}

export async function lockCredentials({ tx, tenantId }: Context, userIds: readonly string[]) {
  await tx.run(
    "select from credentials where tenant_id = $1 and user_id = any($2) order by user_id for update",
    [tenantId, userIds],
  );
}

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

/** The passwords that wait to be mailed. */
export const listSealedPasswords = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.rows<{ userId: string; sealed: Buffer }>(
    `select user_id as "userId", sealed_password as sealed from credentials
      where tenant_id = $1 and user_id = any($2) and sealed_password is not null`,
    [tenantId, userIds],
  );

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

/** Whose password is a temporary one, sent or to be sent. */
export async function whoHasTemporary({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.rows<{ user_id: string }>(
    "select user_id from credentials where tenant_id = $1 and user_id = any($2) and temporary",
    [tenantId, userIds],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** Nobody signs in with it any more, and nobody is sent it: it may be in a mailbox that is not theirs. Was there one? */
export async function voidTemporaryPassword({ tx, tenantId }: Context, userId: string): Promise<boolean> {
  const voided = await tx.run(
    `update credentials set password_hash = null, sealed_password = null
      where tenant_id = $1 and user_id = $2 and temporary`,
    [tenantId, userId],
  );
  return voided > 0;
}

/** Their email was accepted: from now on the days count. */
export async function startPasswordExpiry(ctx: Context, userIds: readonly string[]) {
  const { temporaryPasswordDays } = await readSettings(ctx);
  await ctx.tx.run(
    `update credentials set expires_at = least($3, changed_at + $4 * interval '1 day')
      where tenant_id = $1 and user_id = any($2) and temporary`,
    [ctx.tenantId, userIds, daysAfter(ctx.now, temporaryPasswordDays), atMostDays],
  );
}

/** The longest time temporary passwords may be good counts from now: their emails waited until somebody let them go. */
export const restartTemporaryPasswords = ({ tx, tenantId, now }: Context, userIds: readonly string[]) =>
  tx.run(
    `update credentials set changed_at = $3, expires_at = $4
      where tenant_id = $1 and user_id = any($2) and temporary`,
    [tenantId, userIds, now, daysAfter(now, atMostDays)],
  );

/**
 * Stores the temporary passwords (`id`, `password_hash`, `sealed_password`) of those of the source's people who have one;
 * their days count from `from`. Answers how many, and how many of these are yet to be hashed.
 */
export async function insertTemporaryPasswords({ tx, tenantId }: Context, source: SqlSource, from: Date) {
  const row = await tx.row<{ stored: number; unhashed: number }>(
    `with stored as (
       insert into credentials (tenant_id, user_id, password_hash, sealed_password, temporary, changed_at, expires_at)
       select $1, p.id, p.password_hash, p.sealed_password, true, ${after(source, 1)}, ${after(source, 2)}
         from (${source.sql}) p where p.sealed_password is not null
       returning password_hash)
     select count(*)::int as stored, count(*) filter (where password_hash is null)::int as unhashed from stored`,
    [tenantId, ...source.values, from, daysAfter(from, atMostDays)],
  );
  return row ?? { stored: 0, unhashed: 0 };
}

/** As the system role: seals of temporary passwords that are too old to sign in with. */
export const wipeExpiredSeals = (tx: Tx, now: Date) =>
  tx.run(
    "update credentials set sealed_password = null where sealed_password is not null and expires_at < $1",
    [now],
  );

export const removeCredentials = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from credentials where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);
