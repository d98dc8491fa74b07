import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { foundSql, searchWords } from "./search-sql.ts";

/** These users' names or addresses have changed: what they are searched by is written anew. */
export const noteChangedWords = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("insert into user_search_due (tenant_id, id, user_ids) values ($1, $2, $3)", [
    tenantId,
    uuid(),
    userIds,
  ]);

export const removeWords = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from user_search where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);

/** As the system role: tenants with users whose words are not written yet. */
export const tenantsWithDueWords = (tx: Tx) =>
  tx.rows<{ tenant_id: string }>("select distinct tenant_id from user_search_due");

/** Takes the newest of what is due, so that one person is not behind a million: a few thousand users, or fewer. */
export async function takeDueWords({ tx, tenantId }: Context): Promise<string[]> {
  const rows = await tx.rows<{ user_ids: string[] }>(
    `delete from user_search_due where tenant_id = $1 and id in (
       select id from (select id, sum(cardinality(user_ids)) over (order by id desc) - cardinality(user_ids) as before
                         from (select id, user_ids from user_search_due where tenant_id = $1
                                order by id desc limit 500 for update skip locked) d) n
        where before < 2500)
     returning user_ids`,
    [tenantId],
  );
  return rows.flatMap((row) => row.user_ids);
}

/**
 * Writes what these users are searched by. They are not changed or deleted meanwhile: whoever does that comes after and
 * finds this row. Answers those whose address has other letters than the key it is compared by.
 */
export const writeWords = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.rows<{ id: string; given_key: string; email: string }>(
    `with people as (
       select id, name_key, given_key, email, email_key from users
        where tenant_id = $1 and id = any($2) and deleted_at is null order by id for share),
     written as (
       insert into user_search (tenant_id, user_id, name_key, words)
       select $1::uuid, id, name_key, given_key || ' ' || email_key from people
       on conflict (tenant_id, user_id) do update set name_key = excluded.name_key, words = excluded.words
        where (user_search.name_key, user_search.words) <> (excluded.name_key, excluded.words))
     select id, given_key, email from people where octet_length(email) <> char_length(email)`,
    [tenantId, userIds],
  );

export type Words = { userId: string; words: string };

export const rewriteWords = ({ tx, tenantId }: Context, users: readonly Words[]) =>
  tx.run(
    `update user_search s set words = n.words from unnest($2::uuid[], $3::text[]) n(user_id, words)
      where s.tenant_id = $1 and s.user_id = n.user_id`,
    [tenantId, users.map(({ userId }) => userId), users.map(({ words }) => words)],
  );

/** The ids of whom a search finds, at most so many; undefined where nothing is searched for. */
export async function findUserIds({ tx, tenantId }: Context, search: string | undefined, atMost: number) {
  const sought = searchWords(search);
  if (!sought) return undefined;
  const values: unknown[] = [tenantId];
  const found = foundSql(sought, (given) => `$${values.push(given)}`, atMost);
  const rows = await tx.rows<{ id: string }>(`select id from (${found}) f(id) limit ${atMost}`, values);
  return rows.map((row) => row.id);
}
