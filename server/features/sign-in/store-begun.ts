import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";

export type BegunSignIn = { user_id: string; must_change_password: boolean; challenge: string | null };

/**
 * A sign-in that waits for its second factor, of somebody who may sign in: active user, active tenant, neither signed out
 * everywhere nor another password since.
 */
export const readBegun = ({ tx, tenantId, now }: Context, idHash: Buffer) =>
  tx.row<BegunSignIn>(
    `select b.user_id, b.must_change_password, b.challenge
       from begun_sign_ins b
       join users u on u.tenant_id = b.tenant_id and u.id = b.user_id
       join credentials c on c.tenant_id = b.tenant_id and c.user_id = b.user_id
       join tenants t on t.id = b.tenant_id
      where b.tenant_id = $1 and b.id_hash = $2 and b.expires_at > $3
        and u.status = 'active' and u.deleted_at is null and t.status = 'active'
        and (u.signed_out_at is null or u.signed_out_at < b.created_at) and c.changed_at <= b.created_at`,
    [tenantId, idHash, now],
  );

type NewBegun = { idHash: Buffer; userId: string; mustChangePassword: boolean; expiresAt: Date };

export const insertBegun = ({ tx, tenantId, now }: Context, begun: NewBegun) =>
  tx.run(
    `insert into begun_sign_ins (tenant_id, id_hash, user_id, must_change_password, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [tenantId, begun.idHash, begun.userId, begun.mustChangePassword, now, begun.expiresAt],
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
