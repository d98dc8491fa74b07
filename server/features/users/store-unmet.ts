import type { Context } from "#server/context.ts";

/**
 * In SQL, of the users that a part `from` of the same statement has (`user_id`, `last_sign_in_at`): two more parts, and whether
 * its user `u` was never welcomed or has no password any more. Everything is found by key and looked up in a hash: right after
 * an import there are no statistics, and a look-up for each of a hundred thousand takes seconds.
 */
export const unmetSql = (from: string) => ({
  parts: `told as materialized (
      select distinct on (m.user_id) m.user_id, m.state from messages m
       where m.tenant_id = $1 and m.user_id = any(array(select user_id from ${from}))
       order by m.user_id, m.created_at desc, m.id desc),
    bare as materialized (
      select c.user_id from credentials c
       where c.tenant_id = $1 and c.password_hash is null and c.user_id = any(array(select user_id from ${from})))`,
  isUnmet: `(u.last_sign_in_at is null and u.user_id not in (select user_id from told where state = 'accepted')
    or u.user_id in (select user_id from bare))`,
});

const { parts, isUnmet } = unmetSql("people");

/** Who of these people is sent their first email, or a link to set a password, when they are let in again. */
export async function listUnmet({ tx, tenantId }: Context, userIds: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `with people as materialized (
       select id as user_id, last_sign_in_at from users where tenant_id = $1 and id = any($2::uuid[])),
     ${parts}
     select u.user_id as id from people u where ${isUnmet} order by u.user_id`,
    [tenantId, userIds],
  );
  return rows.map((row) => row.id);
}
