import type { Context } from "#server/context.ts";
import type { Role } from "#server/permissions.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { hasFactor } from "../second-factors/store.ts";

export type SessionRow = {
  user_id: string;
  role: Role;
  must_change_password: boolean;
  created_at: Date;
  last_seen_at: Date;
  confirmed_at: Date | null;
  has_factor: boolean;
  /** When a second factor was last given or set up in it. */
  factor_at: Date | null;
  challenge: string | null;
  settings: Record<string, unknown>;
};

/**
 * A session of somebody who may be signed in: active user, active tenant, not signed out everywhere since, and where they have
 * a second factor one was given or set up in this very session.
 */
export const readSession = ({ tx, tenantId, now }: Context, idHash: Buffer) =>
  tx.row<SessionRow>(
    `select s.user_id, u.role, s.must_change_password, s.created_at, s.last_seen_at, s.confirmed_at, s.factor_at, s.challenge,
            t.settings, f.has_factor
       from sessions s
       join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
       join tenants t on t.id = s.tenant_id
      cross join lateral (select ${hasFactor("s.tenant_id", "s.user_id")} as has_factor) f
      where s.tenant_id = $1 and s.id_hash = $2 and s.expires_at > $3
        and u.status = 'active' and u.deleted_at is null and t.status = 'active'
        and (u.signed_out_at is null or u.signed_out_at < s.created_at)
        and (s.factor_at is not null or not f.has_factor)`,
    [tenantId, idHash, now],
  );

type NewSession = {
  idHash: Buffer;
  userId: string;
  mustChangePassword: boolean;
  /** When its person last proved that it is them; now unless said otherwise. */
  confirmedAt?: Date | null;
  factorAt?: Date | null;
  expiresAt: Date;
  ip: string | undefined;
  userAgent: string;
};

export const insertSession = ({ tx, tenantId, now }: Context, session: NewSession) =>
  tx.run(
    `insert into sessions (tenant_id, id_hash, user_id, must_change_password, created_at, last_seen_at, expires_at, ip, user_agent, confirmed_at, factor_at)
     values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)`,
    [
      tenantId,
      session.idHash,
      session.userId,
      session.mustChangePassword,
      now,
      session.expiresAt,
      session.ip ?? null,
      session.userAgent,
      session.confirmedAt === undefined ? now : session.confirmedAt,
      session.factorAt ?? null,
    ],
  );

/** Notes that a session is in use and keeps it going. */
export const extendSession = ({ tx, tenantId, now }: Context, idHash: Buffer, expiresAt: Date) =>
  tx.run(
    `update sessions set last_seen_at = $3, expires_at = $4
      where tenant_id = $1 and id_hash = $2`,
    [tenantId, idHash, now, expiresAt],
  );

/** Whoever is signed in has just shown again that it is them. */
export const confirmSession = ({ tx, tenantId, now }: Context, idHash: Buffer) =>
  tx.run("update sessions set confirmed_at = $3, challenge = null where tenant_id = $1 and id_hash = $2", [
    tenantId,
    idHash,
    now,
  ]);

/** A second factor has just been set up in this session. */
export const noteFactor = ({ tx, tenantId, now }: Context, idHash: Buffer) =>
  tx.run("update sessions set factor_at = $3 where tenant_id = $1 and id_hash = $2", [tenantId, idHash, now]);

/** What a passkey has to sign to confirm it; null where it was tried. */
export const writeSessionChallenge = ({ tx, tenantId }: Context, idHash: Buffer, challenge: string | null) =>
  tx.run("update sessions set challenge = $3 where tenant_id = $1 and id_hash = $2", [
    tenantId,
    idHash,
    challenge,
  ]);

/** Answers whose it was. */
export const removeSession = ({ tx, tenantId }: Context, idHash: Buffer) =>
  tx.rows<{ user_id: string }>(
    "delete from sessions where tenant_id = $1 and id_hash = $2 returning user_id",
    [tenantId, idHash],
  );

export const removeSessionsOf = ({ tx, tenantId }: Context, userId: string) =>
  tx.run("delete from sessions where tenant_id = $1 and user_id = $2", [tenantId, userId]);

export type ListedSession = {
  /** The first half of its hash: enough to name it, of no use to whoever wants to be let in. */
  id: string;
  created_at: Date;
  last_seen_at: Date;
  ip: string | null;
  user_agent: string | null;
  id_hash: Buffer;
};

const sessionId = "encode(substring(s.id_hash for 16), 'hex')";
const open = `s.expires_at > $3 and (u.signed_out_at is null or u.signed_out_at < s.created_at)`;

/** The sessions of somebody that are open, the latest used first. */
export const listSessions = ({ tx, tenantId, now }: Context, userId: string) =>
  tx.rows<ListedSession>(
    `select ${sessionId} as id, s.created_at, s.last_seen_at, host(s.ip) as ip, s.user_agent, s.id_hash
       from sessions s join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
      where s.tenant_id = $1 and s.user_id = $2 and ${open}
      order by s.last_seen_at desc, s.id_hash`,
    [tenantId, userId, now],
  );

/** Of one person: the session of that id, or all but one. Answers how many. */
export const removeSessionNamed = ({ tx, tenantId }: Context, userId: string, id: string) =>
  tx.run(`delete from sessions s where s.tenant_id = $1 and s.user_id = $2 and ${sessionId} = $3`, [
    tenantId,
    userId,
    id,
  ]);

export const removeOtherSessions = ({ tx, tenantId }: Context, userId: string, keep: Buffer) =>
  tx.run("delete from sessions where tenant_id = $1 and user_id = $2 and id_hash <> $3", [
    tenantId,
    userId,
    keep,
  ]);

export const removeAllSessions = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from sessions where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);

/** As the system role, like all below: what belongs to no tenant. */
export const removeExpiredSessions = (tx: Tx, now: Date) =>
  tx.run("delete from sessions where expires_at < $1", [now]);

export const removeRunOutLimits = (tx: Tx, now: Date) =>
  tx.run("delete from rate_limits where expire < $1", [now.getTime()]);

/** One at a time, until the transaction ends. */
export const lockSetUp = (tx: Tx) => tx.run("select pg_advisory_xact_lock(hashtext('muster set-up'))");

export const findSetUpLink = (tx: Tx, secretHash: Buffer, now: Date) =>
  tx.row("select 1 from setup_links where secret_hash = $1 and used_at is null and expires_at > $2", [
    secretHash,
    now,
  ]);

export async function insertSetUpLink(
  tx: Tx,
  secretHash: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
) {
  await tx.run("delete from setup_links where expires_at <= $1", [now]);
  await tx.run("insert into setup_links (secret_hash, expires_at) values ($1, $2)", [secretHash, expiresAt]);
}

/** An installation is set up once: whatever other links were printed are of no use any more. */
export const spendSetUpLinks = (tx: Tx, now: Date) =>
  tx.run("update setup_links set used_at = $1 where used_at is null", [now]);
