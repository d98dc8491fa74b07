import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import type { Role } from "#server/permissions.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import type { Language } from "../tenants/tenant-settings.ts";
import { emailKey } from "./email-address.ts";
import { recounting } from "./store-counts.ts";
import { noteChangedWords, removeWords } from "./store-search.ts";

export type UserStatus = "invited" | "active" | "suspended";
export type UserRow = {
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  name_key: string;
  role: Role;
  status: UserStatus;
  /** Of emails; null: the tenant's. */
  language: Language | null;
  version: number;
  created_at: Date;
  last_sign_in_at: Date | null;
  mail_failed_at: Date | null;
  mail_failed_reply: string | null;
  has_factor: boolean;
};

export const userColumns = `u.id, u.email, u.first_name, u.last_name, u.name_key, u.role, u.status, u.language, u.version,
  u.created_at, u.last_sign_in_at, u.mail_failed_at, u.mail_failed_reply, u.has_factor`;

/** How many were made of each status, and the ids of those left out. */
export type InsertedUsers = Record<UserStatus, number> & { left: string[] };

/**
 * Inserts the source's people whose address is still free; the unique index is the check. The ids of thousands stay in the
 * database: only those left out are answered, and there are mostly none.
 */
export async function insertUsers({ tx, tenantId, now }: Context, people: SqlSource): Promise<InsertedUsers> {
  const row = await tx.row<InsertedUsers>(
    `with incoming as materialized (${people.sql}),
       made as (
         insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, role, language,
                            status, created_at, updated_at)
         select $1, p.id, p.email, p.email_key, p.first_name, p.last_name, p.name_key, p.given_key, p.role, p.language,
                case when p.suspended then 'suspended' when p.sealed_password is null then 'invited' else 'active' end,
                ${after(people, 1)}, ${after(people, 1)}
           from incoming p
         on conflict (tenant_id, email_key) where deleted_at is null do nothing
         returning id, status, role),
       counted as (
         insert into user_counts (tenant_id, id, status, role, signed_in, has_factor, people)
         select $1::uuid, ${after(people, 2)}::uuid, status, role, false, false, count(*) from made group by status, role),
       due as (
         insert into user_search_due (tenant_id, id, user_ids)
         select $1::uuid, ${after(people, 2)}::uuid, array_agg(id) from made having count(*) > 0)
     select count(*) filter (where status = 'invited')::int as invited,
            count(*) filter (where status = 'active')::int as active,
            count(*) filter (where status = 'suspended')::int as suspended,
            array(select id from incoming where id not in (select id from made)) as left
       from made`,
    [tenantId, ...people.values, now, uuid()],
  );
  return row ?? { invited: 0, active: 0, suspended: 0, left: [] };
}

export const readUserRow = ({ tx, tenantId }: Context, userId: string, lock?: "lock") =>
  tx.row<UserRow>(
    `select ${userColumns} from users u
      where u.tenant_id = $1 and u.id = $2 and u.deleted_at is null ${lock ? "for update" : ""}`,
    [tenantId, userId],
  );

export type AnyUserRow = UserRow & { deleted_at: Date | null; erase_at: Date | null };

/** Whether deleted or not. */
export const readAnyUserRow = ({ tx, tenantId }: Context, userId: string) =>
  tx.row<AnyUserRow>(
    `select ${userColumns}, u.deleted_at, u.erase_at from users u where u.tenant_id = $1 and u.id = $2`,
    [tenantId, userId],
  );

/** The addresses of these users, deleted ones too. */
export const emailsOf = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.rows<{ id: string; email: string }>(
    "select id, email from users where tenant_id = $1 and id = any($2) order by id",
    [tenantId, userIds],
  );

export const profilesOf = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.rows<Pick<UserRow, "id" | "first_name" | "last_name" | "language">>(
    "select id, first_name, last_name, language from users where tenant_id = $1 and id = any($2)",
    [tenantId, userIds],
  );

/** Those of these users that there are, locked in one order everywhere. */
export const lockUserRows = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.rows<UserRow>(
    `select ${userColumns} from users u
      where u.tenant_id = $1 and u.id = any($2) and u.deleted_at is null order by u.id for update`,
    [tenantId, userIds],
  );

export const findUserByEmail = ({ tx, tenantId }: Context, address: string, lock?: "lock") =>
  tx.row<UserRow>(
    `select ${userColumns} from users u
      where u.tenant_id = $1 and u.email_key = $2 and u.deleted_at is null ${lock ? "for update" : ""}`,
    [tenantId, emailKey(address)],
  );

/** Whoever has one of these keys of addresses. */
export const findUsersByEmail = ({ tx, tenantId }: Context, emailKeys: readonly string[]) =>
  tx.rows<Pick<UserRow, "id" | "email" | "role" | "first_name" | "last_name"> & { email_key: string }>(
    `select id, email, email_key, role, first_name, last_name from users
      where tenant_id = $1 and email_key = any($2) and deleted_at is null order by email_key`,
    [tenantId, emailKeys],
  );

export type InvitationRow = {
  user_id: string;
  used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date;
};

export const listInvitations = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.prepared<InvitationRow>(
    `select user_id, used_at, revoked_at, expires_at from links
      where tenant_id = $1 and user_id = any($2) and purpose = 'invitation'`,
    [tenantId, userIds],
  );

type Profile = {
  email: string;
  emailKey: string;
  firstName: string;
  lastName: string;
  nameKey: string;
  givenKey: string;
  role: Role;
  language: Language | null;
};

/** Of a row this transaction has locked. Throws the database's error where the address is taken. */
export async function writeProfile(ctx: Context, userId: string, profile: Profile) {
  await recounting(ctx, [userId], () => updateProfile(ctx, userId, profile));
  await noteChangedWords(ctx, [userId]);
}

const updateProfile = ({ tx, tenantId, now }: Context, userId: string, profile: Profile) =>
  tx.run(
    `update users set email = $3, email_key = $4, first_name = $5, last_name = $6, name_key = $7, given_key = $8,
            role = $9, language = $11, version = version + 1, updated_at = $10,
            mail_failed_at = case when email_key = $4 then mail_failed_at end,
            mail_failed_reply = case when email_key = $4 then mail_failed_reply end
      where tenant_id = $1 and id = $2`,
    [
      tenantId,
      userId,
      profile.email,
      profile.emailKey,
      profile.firstName,
      profile.lastName,
      profile.nameKey,
      profile.givenKey,
      profile.role,
      now,
      profile.language,
    ],
  );

/** Of a row this transaction has locked. `null`: the tenant's. */
export const writeLanguage = ({ tx, tenantId, now }: Context, userId: string, language: Language | null) =>
  tx.run(
    `update users set language = $3, version = version + 1, updated_at = $4
      where tenant_id = $1 and id = $2`,
    [tenantId, userId, language, now],
  );

/** Of a row this transaction has locked. */
export const writeStatus = (ctx: Context, userId: string, status: UserStatus) =>
  writeStatuses(ctx, [userId], status);

/**
 * When everybody's sessions end, of `users` locked: not before those that have begun. A sign-in that was committed while this
 * transaction waited for the lock carries a later time than the transaction's.
 */
export const endOfSessions = (now: string) =>
  `greatest(${now}, (select max(s.created_at) from sessions s where s.tenant_id = users.tenant_id and s.user_id = users.id))`;

/** Of rows this transaction has locked. */
export async function writeStatuses(ctx: Context, userIds: readonly string[], status: UserStatus) {
  if (userIds.length === 0) return;
  await recounting(ctx, userIds, () =>
    ctx.tx.run(
      `update users set status = $3, status_changed_at = $4, version = version + 1, updated_at = $4,
              signed_out_at = case when $3 = 'suspended' then ${endOfSessions("$4::timestamptz")} else signed_out_at end
        where tenant_id = $1 and id = any($2::uuid[])`,
      [ctx.tenantId, userIds, status, ctx.now],
    ),
  );
}

/** Of a row this transaction has locked. */
export const writeRole = (ctx: Context, userId: string, role: Role) =>
  recounting(ctx, [userId], () =>
    ctx.tx.run(
      `update users set role = $3, version = version + 1, updated_at = $4
        where tenant_id = $1 and id = $2`,
      [ctx.tenantId, userId, role, ctx.now],
    ),
  );

/** Whatever sessions there are end. */
export const writeSignedOut = ({ tx, tenantId, now }: Context, userId: string) =>
  tx.run(
    `update users set signed_out_at = ${endOfSessions("$3::timestamptz")} where tenant_id = $1 and id = $2`,
    [tenantId, userId, now],
  );

/** The first time somebody signs in, they are one fewer of those who never did. */
export async function writeSignIn({ tx, tenantId, now }: Context, userId: string) {
  await tx.run(
    `insert into user_counts (tenant_id, id, status, role, signed_in, has_factor, people)
     select $1::uuid, $3::uuid, u.status, u.role, c.signed_in, u.has_factor, c.people
       from (select status, role, has_factor from users
              where tenant_id = $1 and id = $2 and last_sign_in_at is null and deleted_at is null for update) u
      cross join (values (false, -1), (true, 1)) c(signed_in, people)`,
    [tenantId, userId, uuid()],
  );
  await tx.run("update users set last_sign_in_at = $3 where tenant_id = $1 and id = $2", [
    tenantId,
    userId,
    now,
  ]);
}

/**
 * Locks the tenant's owners until the transaction ends, and answers those who can act: who are active and have a password of
 * their own. One that was mailed may never have arrived, and stops working. Two demotions of the last two owners at once wait
 * for one another here.
 */
export async function lockOwners({ tx, tenantId }: Context): Promise<string[]> {
  const rows = await tx.rows<{ id: string; can_act: boolean }>(
    `select id, status = 'active' and exists (
              select from credentials c
               where c.tenant_id = u.tenant_id and c.user_id = u.id and c.password_hash is not null and not c.temporary) as can_act
       from users u where tenant_id = $1 and role = 'owner' and role <> 'member' and deleted_at is null
      order by id for update of u`,
    [tenantId],
  );
  return rows.filter((row) => row.can_act).map((row) => row.id);
}

/** Is there anybody besides owners? */
export const anybodyElse = async ({ tx, tenantId }: Context) =>
  (await tx.row(
    "select 1 from users where tenant_id = $1 and role <> 'owner' and deleted_at is null limit 1",
    [tenantId],
  )) !== undefined;

export async function userRoles({ tx, tenantId }: Context, userIds: readonly string[]) {
  const rows = await tx.rows<{ id: string; role: Role }>(
    "select id, role from users where tenant_id = $1 and id = any($2) and deleted_at is null",
    [tenantId, userIds],
  );
  return new Map(rows.map((row) => [row.id, row.role]));
}

/** Which of these users exist, and their roles. They are not deleted until the transaction ends. */
export async function holdUsers(
  { tx, tenantId }: Context,
  userIds: readonly string[],
): Promise<Map<string, Role>> {
  const rows = await tx.rows<{ id: string; role: Role }>(
    "select id, role from users where tenant_id = $1 and id = any($2) and deleted_at is null order by id for share",
    [tenantId, userIds],
  );
  return new Map(rows.map((row) => [row.id, row.role]));
}

const stay = (lock: "pg_advisory_xact_lock" | "pg_advisory_xact_lock_shared") => (ctx: Context) =>
  ctx.tx.run(`select ${lock}(hashtextextended('users.stay:' || $1, 0))`, [ctx.tenantId]);

/** Nobody of the tenant is deleted until the transaction ends: for work on so many that a lock on each would be slow. */
export const holdEverybody = stay("pg_advisory_xact_lock_shared");

/** Waits for such work, and it for this transaction. Whoever takes users away calls this before locking any. */
export const letNobodyHold = stay("pg_advisory_xact_lock");

/** Locks these users, in one order everywhere. */
export const lockUsers = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("select from users where tenant_id = $1 and id = any($2) order by id for update", [
    tenantId,
    userIds,
  ]);

/** Of rows this transaction has locked. Nothing of them is left. */
export async function removeUsers(ctx: Context, userIds: readonly string[]) {
  const values = [ctx.tenantId, userIds];
  await recounting(ctx, userIds, () =>
    ctx.tx.run("delete from users where tenant_id = $1 and id = any($2)", values),
  );
  await removeWords(ctx, userIds);
}

export type NewProfile = {
  id: string;
  firstName: string;
  lastName: string;
  nameKey: string;
  givenKey: string;
  language: Language | null;
};

/** Of rows this transaction has locked. */
export async function writeProfiles(ctx: Context, people: readonly NewProfile[]) {
  const { tx, tenantId, now } = ctx;
  await tx.run(
    `update users u set first_name = n.first_name, last_name = n.last_name, name_key = n.name_key, given_key = n.given_key,
            language = n.language, version = version + 1, updated_at = $2
       from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
              n(id, first_name, last_name, name_key, given_key, language)
      where u.tenant_id = $1 and u.id = n.id`,
    [
      tenantId,
      now,
      people.map((person) => person.id),
      people.map((person) => person.firstName),
      people.map((person) => person.lastName),
      people.map((person) => person.nameKey),
      people.map((person) => person.givenKey),
      people.map((person) => person.language),
    ],
  );
  await noteChangedWords(
    ctx,
    people.map((person) => person.id),
  );
}

/** Locks those of the source's users who are as they were and have one of these roles, and no owners. */
export async function lockUnchanged(
  { tx, tenantId }: Context,
  people: SqlSource,
  roles: readonly Role[],
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `select u.id from users u join (${people.sql}) p on p.id = u.id and p.version = u.version
      where u.tenant_id = $1 and u.deleted_at is null and u.role = any(${after(people, 1)}::text[]) and u.role <> 'owner'
      order by u.id for update of u`,
    [tenantId, ...people.values, roles],
  );
  return rows.map((row) => row.id);
}

/**
 * The names and languages that the source has new, of those of its people that this transaction has locked. Answers how many
 * have new names.
 */
export async function takeProfiles(ctx: Context, people: SqlSource, userIds: readonly string[]) {
  const { tx, tenantId, now } = ctx;
  const named = (column: string) => `${column} = case when p.renamed then p.${column} else u.${column} end`;
  const changed = await tx.row<{ renamed: number }>(
    `with changed as (
       update users u
          set ${["first_name", "last_name", "name_key", "given_key"].map(named).join(", ")},
              language = case when p.respoken then p.language else u.language end,
              version = u.version + 1, updated_at = ${after(people, 2)}
         from (${people.sql}) p
        where u.tenant_id = $1 and u.id = p.id and (p.renamed or p.respoken) and u.id = any(${after(people, 1)}::uuid[])
       returning p.renamed)
     select count(*) filter (where renamed)::int as renamed from changed`,
    [tenantId, ...people.values, userIds, now],
  );
  const renamed = changed?.renamed ?? 0;
  if (renamed > 0) await noteChangedWords(ctx, userIds);
  return renamed;
}
