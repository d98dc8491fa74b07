import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import type { LinkPurpose } from "../credentials/link-token.ts";

export type BegunSignIn = {
  user_id: string;
  must_change_password: boolean;
  challenge: string | null;
  /** Of the password that takes effect with it, and what the link is for by which it was chosen; null where there is none. */
  sealed_hash: Buffer | null;
  link_purpose: LinkPurpose | null;
};

/** What it was begun by is still good: its link has neither been used, nor withdrawn, nor replaced by another since. */
const linkIsOpen = `(b.link_purpose is null or exists (
  select from links l
   where l.tenant_id = b.tenant_id and l.user_id = b.user_id and l.purpose = b.link_purpose
     and l.generation = b.link_generation and l.used_at is null and l.revoked_at is null))`;

/**
 * A sign-in that waits for its second factor, of somebody who may sign in: active user, active tenant, neither signed out
 * everywhere nor another password since. A link that was good when it was followed need not be so for the ten minutes.
 */
export const readBegun = ({ tx, tenantId, now }: Context, idHash: Buffer) =>
  tx.row<BegunSignIn>(
    `select b.user_id, b.must_change_password, b.challenge, b.sealed_hash, b.link_purpose
       from begun_sign_ins b
       join users u on u.tenant_id = b.tenant_id and u.id = b.user_id
       join credentials c on c.tenant_id = b.tenant_id and c.user_id = b.user_id
       join tenants t on t.id = b.tenant_id
      where b.tenant_id = $1 and b.id_hash = $2 and b.expires_at > $3
        and u.status = 'active' and u.deleted_at is null and t.status = 'active'
        and (u.signed_out_at is null or u.signed_out_at < b.created_at) and c.changed_at <= b.created_at
        and ${linkIsOpen}`,
    [tenantId, idHash, now],
  );

type NewBegun = {
  idHash: Buffer;
  userId: string;
  mustChangePassword: boolean;
  expiresAt: Date;
  chosen?: { sealedHash: Buffer; purpose: LinkPurpose; generation: number } | undefined;
};

export const insertBegun = ({ tx, tenantId, now }: Context, begun: NewBegun) =>
  tx.run(
    `insert into begun_sign_ins (tenant_id, id_hash, user_id, must_change_password, created_at, expires_at, sealed_hash, link_purpose, link_generation)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tenantId,
      begun.idHash,
      begun.userId,
      begun.mustChangePassword,
      now,
      begun.expiresAt,
      begun.chosen?.sealedHash ?? null,
      begun.chosen?.purpose ?? null,
      begun.chosen?.generation ?? null,
    ],
  );

/** All of one person's but so many, those begun last. */
export const keepNewestBegun = ({ tx, tenantId }: Context, userId: string, keep: number) =>
  tx.run(
    `delete from begun_sign_ins where tenant_id = $1 and user_id = $2 and id_hash in (
       select id_hash from begun_sign_ins where tenant_id = $1 and user_id = $2
        order by created_at desc, id_hash offset $3)`,
    [tenantId, userId, keep],
  );

/** What a passkey has to sign; null where it was tried. */
export const writeChallenge = ({ tx, tenantId }: Context, idHash: Buffer, challenge: string | null) =>
  tx.run("update begun_sign_ins set challenge = $3 where tenant_id = $1 and id_hash = $2", [
    tenantId,
    idHash,
    challenge,
  ]);

export const removeBegun = ({ tx, tenantId }: Context, idHash: Buffer) =>
  tx.run("delete from begun_sign_ins where tenant_id = $1 and id_hash = $2", [tenantId, idHash]);

export const removeBegunOf = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from begun_sign_ins where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);

/** As the system role. */
export const removeExpiredBegun = (tx: Tx, now: Date) =>
  tx.run("delete from begun_sign_ins where expires_at < $1", [now]);
