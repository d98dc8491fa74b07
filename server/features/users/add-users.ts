import type { Context } from "#server/context.ts";
import { type SqlSource, without } from "#server/platform/db/sql-source.ts";
import { makeFirstLinks } from "../credentials/links.ts";
import { insertTemporaryPasswords } from "../credentials/store.ts";
import { atMostDays, daysAfter } from "../credentials/validity.ts";
import { addFirstMemberships } from "../groups/store-memberships.ts";
import { addFirstMessages, type MailTime } from "../mail/add-messages.ts";
import { requireRoomFor } from "../tenants/limits.ts";
import { wakeIndexing } from "./index-users.ts";
import { insertUsers } from "./store.ts";
import { countUserRows } from "./store-counts.ts";

/**
 * People to be made. `people`: id, email, email_key, first_name, last_name, name_key, given_key, role, language,
 * suspended, password_hash, sealed_password (a seal: created with that password; none: invited). `memberships`: user_id, group_id, of
 * groups that this transaction holds.
 */
export type Incoming = {
  people: SqlSource;
  memberships: SqlSource;
  /** When their emails go: at once unless said otherwise. */
  mail?: MailTime;
};

/** How many became what, and the ids of those left out because the address is already a user. */
export type AddedUsers = { created: number; invited: number; suspended: number; left: string[] };

/** From here on, what can wait does. */
const manyAtOnce = 100;

/**
 * The only way people are made, one or thousands, whichever door they come by: the user, the groups, the password or the
 * invitation, and the one email, all in the caller's transaction. Suspended ones get no email until they are reactivated.
 */
export async function addUsers(
  ctx: Context,
  { people, memberships, mail = "now" }: Incoming,
): Promise<AddedUsers> {
  const { left, invited, active: created, suspended } = await insertUsers(ctx, people);
  const added = { created, invited, suspended, left };
  const made = created + invited + suspended;
  if (made === 0) return added;
  await requireRoomFor(ctx, made, async () => (await countUserRows(ctx, {})).all - made);
  await wakeIndexing(ctx, made > manyAtOnce);
  const newcomers = without(people, "id", left);
  await addFirstMemberships(ctx, without(memberships, "user_id", left));
  await addCredentials(ctx, newcomers, { mail, added });
  if (created + invited > 0) await addFirstMessages(ctx, firstMessages(newcomers), mail);
  return added;
}

type Way = { mail: MailTime; added: AddedUsers };

/** Passwords for those who have one; an invitation, which counts from when it can be sent, for everybody else. */
async function addCredentials(ctx: Context, made: SqlSource, { mail, added }: Way) {
  const from = mail instanceof Date ? mail : ctx.now;
  // Of an invite file nobody has a password: nobody is looked for.
  const { stored, unhashed } =
    added.created + added.suspended > 0
      ? await insertTemporaryPasswords(ctx, made, from)
      : { stored: 0, unhashed: 0 };
  if (added.invited + added.suspended > 0) {
    const people = {
      ...made,
      sql: `select id as user_id from (${made.sql}) p where sealed_password is null`,
    };
    await makeFirstLinks(ctx, "invitation", { people, expiresAt: daysAfter(from, atMostDays) });
  }
  if (stored === 0 || unhashed === 0) return;
  await ctx.enqueue("passwords.hash", { tenantId: ctx.tenantId }, { key: `passwords.hash:${ctx.tenantId}` });
}

/** Until its password is hashed nobody can sign in with it: the email waits for that. */
const firstMessages = (made: SqlSource): SqlSource => ({
  ...made,
  sql: `select id as user_id, case when sealed_password is null then 'user.invited' else 'user.created' end as kind,
               sealed_password is not null and password_hash is null as waits
          from (${made.sql}) p where not suspended`,
});
