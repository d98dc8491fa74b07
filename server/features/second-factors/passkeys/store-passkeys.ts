import type { Context } from "#server/context.ts";

export type Passkey = {
  id: string;
  credential_id: Buffer;
  public_key: Buffer;
  sign_count: number;
  /** It has checked who holds it, when it was made or used after the password. */
  holder_verified: boolean;
  transports: string[];
  name: string;
  created_at: Date;
  last_used_at: Date | null;
};

export const listPasskeys = ({ tx, tenantId }: Context, userId: string) =>
  tx.rows<Passkey>(
    `select id, credential_id, public_key, sign_count::float8 as sign_count, holder_verified, transports, name, created_at, last_used_at
       from passkeys where tenant_id = $1 and user_id = $2 order by created_at, id`,
    [tenantId, userId],
  );

/** Whose of this tenant it is. */
export const findPasskeyOwner = async ({ tx, tenantId }: Context, credentialId: Buffer) =>
  (
    await tx.row<{ user_id: string }>(
      "select user_id from passkeys where tenant_id = $1 and credential_id = $2",
      [tenantId, credentialId],
    )
  )?.user_id;

type NewPasskey = Pick<Passkey, "id" | "sign_count" | "holder_verified" | "transports" | "name"> & {
  userId: string;
  credentialId: Uint8Array;
  publicKey: Uint8Array;
};

/** Answers whether nobody of this tenant has it yet. */
export const insertPasskey = async ({ tx, tenantId, now }: Context, passkey: NewPasskey) =>
  (await tx.run(
    `insert into passkeys (tenant_id, user_id, id, credential_id, public_key, sign_count, holder_verified, transports, name, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (tenant_id, credential_id) do nothing`,
    [
      tenantId,
      passkey.userId,
      passkey.id,
      Buffer.from(passkey.credentialId),
      Buffer.from(passkey.publicKey),
      passkey.sign_count,
      passkey.holder_verified,
      passkey.transports,
      passkey.name,
      now,
    ],
  )) > 0;

export const notePasskeyUse = ({ tx, tenantId, now }: Context, id: string, use: Use) =>
  tx.run(
    `update passkeys set last_used_at = $4, sign_count = $5, holder_verified = holder_verified or $6
      where tenant_id = $1 and user_id = $2 and id = $3`,
    [tenantId, use.userId, id, now, use.signCount, use.holderVerified],
  );
type Use = { userId: string; signCount: number; holderVerified: boolean };

export const writePasskeyName = ({ tx, tenantId }: Context, id: string, { userId, name }: Named) =>
  tx.run("update passkeys set name = $4 where tenant_id = $1 and user_id = $2 and id = $3", [
    tenantId,
    userId,
    id,
    name,
  ]);
type Named = { userId: string; name: string };

export const removePasskeyNamed = ({ tx, tenantId }: Context, userId: string, id: string) =>
  tx.row<{ name: string }>(
    "delete from passkeys where tenant_id = $1 and user_id = $2 and id = $3 returning name",
    [tenantId, userId, id],
  );

/** Answers how many there were. */
export const removePasskeys = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from passkeys where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);
