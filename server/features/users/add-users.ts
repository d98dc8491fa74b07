import type { Context } from "#server/context.ts";
import type { SqlSource } from "#server/platform/db/sql-source.ts";
import { makeLinks } from "../credentials/links.ts";
import { insertTemporaryPasswords } from "../credentials/store.ts";
import { daysAfter, validity } from "../credentials/validity.ts";
import { addMemberships } from "../groups/store.ts";
import { addMessages, type MailTime } from "../mail/add-messages.ts";
import { insertUsers } from "./store.ts";

/**
 * People to be made. `people`: id, email, email_key, first_name, last_name, name_key, given_key, role, suspended,
 * password_hash, sealed_password (a seal: created with that password; none: invited). `memberships`: user_id, group_id, of
 * groups that this transaction holds.
 */
export type Incoming = {
  people: SqlSource;
  memberships: SqlSource;
  /** When their emails go: at once unless said otherwise. */
  mail?: MailTime;
};

/** What became of them: an address that is already a user is in none of these. */
export type AddedUsers = { created: string[]; invited: string[]; suspended: string[] };

/**
 * The only way people are made, one or thousands, whichever door they come by: the user, the groups, the password or the
 * invitation, and the one email, all in the caller's transaction. Suspended ones get no email until they are reactivated.
 */
export async function addUsers(
  ctx: Context,
  { people, memberships, mail = "now" }: Incoming,
): Promise<AddedUsers> {
  const made = await insertUsers(ctx, people);
  const ids = made.map((user) => user.id);
  if (ids.length === 0) return { created: [], invited: [], suspended: [] };
  await addMemberships(ctx, memberships, ids);
  const from = mail instanceof Date ? mail : ctx.now;
  // Whoever is invited has no password: of an invite file nobody is looked for.
  const withPasswords = made.filter((user) => user.status !== "invited").map((user) => user.id);
  const hashedById =
    withPasswords.length > 0
      ? await insertTemporaryPasswords(ctx, people, withPasswords, from)
      : new Map<string, boolean>();
  const invitees = ids.filter((id) => !hashedById.has(id));
  await makeLinks(ctx, "invitation", {
    userIds: invitees,
    expiresAt: daysAfter(from, validity.atMostDays),
  });

  const suspended = made.filter((user) => user.status === "suspended").map((user) => user.id);
  const silent = new Set(suspended);
  const created = [...hashedById.keys()].filter((id) => !silent.has(id));
  const invited = invitees.filter((id) => !silent.has(id));
  await addMessages(ctx, [
    // Until its password is hashed nobody can sign in with it: the email waits for that.
    ...created.map((userId) => ({
      userId,
      kind: "user.created",
      when: mail,
      ...(!hashedById.get(userId) && { dueAt: "later" as const }),
    })),
    ...invited.map((userId) => ({ userId, kind: "user.invited", when: mail })),
  ]);
  if ([...hashedById.values()].includes(false)) {
    await ctx.enqueue(
      "passwords.hash",
      { tenantId: ctx.tenantId },
      { key: `passwords.hash:${ctx.tenantId}` },
    );
  }
  return { created, invited, suspended };
}
