import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { containing, searchWords } from "../search-sql.ts";
import { endOfSessions, type UserRow, userColumns } from "../store.ts";
import { recounting } from "../store-counts.ts";
import { noteChangedWords, removeWords } from "../store-search.ts";

/** Of rows this transaction has locked. */
export async function writeDeleted(ctx: Context, userIds: readonly string[], eraseAt: Date) {
  const { tx, tenantId, now } = ctx;
  await recounting(ctx, userIds, () =>
    tx.run(
      `update users set deleted_at = $3, erase_at = $4, signed_out_at = ${endOfSessions("$3::timestamptz")}, status_changed_at = $3, version = version + 1, updated_at = $3
        where tenant_id = $1 and id = any($2)`,
      [tenantId, userIds, now, eraseAt],
    ),
  );
  await removeWords(ctx, userIds);
}

/** Of rows this transaction has locked. Throws the database's error where an address is taken. */
export async function writeRestored(ctx: Context, userIds: readonly string[]) {
  const { tx, tenantId, now } = ctx;
  await recounting(ctx, userIds, () =>
    tx.run(
      `update users set deleted_at = null, erase_at = null, status_changed_at = $3, version = version + 1, updated_at = $3
        where tenant_id = $1 and id = any($2::uuid[])`,
      [tenantId, userIds, now],
    ),
  );
  await noteChangedWords(ctx, userIds);
}

export type DeletedRow = UserRow & { deleted_at: Date; erase_at: Date };

const deletedColumns = `${userColumns}, u.deleted_at, coalesce(u.erase_at, u.deleted_at) as erase_at`;

/** Those of these users that are deleted, locked in one order everywhere. */
export const lockDeleted = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.rows<DeletedRow>(
    `select ${deletedColumns} from users u
      where u.tenant_id = $1 and u.id = any($2::uuid[]) and u.deleted_at is not null order by u.id for update`,
    [tenantId, userIds],
  );

/** Which deleted users: with all these words in name and address, erased before that moment. */
type DeletedFilter = { search?: string | undefined; eraseBefore?: Date | undefined };

const deletedSql = `u.tenant_id = $1 and u.deleted_at is not null
        and ($2::text[] is null or u.given_key || ' ' || u.email_key like all ($2))
        and ($3::timestamptz is null or u.erase_at < $3)`;

const deletedValues = (tenantId: string, { search, eraseBefore }: DeletedFilter) => [
  tenantId,
  searchWords(search)?.words.map(containing) ?? null,
  eraseBefore ?? null,
];

type DeletedPage = {
  by: "deleted_at" | "erase_at";
  descending: boolean;
  after: readonly [at: Date, id: string] | undefined;
  limit: number;
};

/** Deleted users in some order, one more than `limit` where there are more. */
export function listDeletedRows({ tx, tenantId }: Context, filter: DeletedFilter, page: DeletedPage) {
  const [way, beyond] = page.descending ? ["desc", "<"] : ["asc", ">"];
  return tx.rows<DeletedRow>(
    `select ${deletedColumns} from users u
      where ${deletedSql} and u.${page.by} is not null
        and ($4::timestamptz is null or (u.${page.by}, u.id) ${beyond} ($4::timestamptz, $5::uuid))
      order by u.${page.by} ${way}, u.id ${way} limit $6`,
    [...deletedValues(tenantId, filter), page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit + 1],
  );
}

/** How many there are, counted to `atMost` and one more: then there are more than that. */
export async function countDeletedAtMost({ tx, tenantId }: Context, filter: DeletedFilter, atMost: number) {
  const row = await tx.row<{ people: number }>(
    `select count(*)::int as people from (select from users u where ${deletedSql} limit $4) u`,
    [...deletedValues(tenantId, filter), atMost + 1],
  );
  return row?.people ?? 0;
}

/** As the system role: tenants with users whose days are over. */
export const tenantsWithPeopleToErase = (tx: Tx, now: Date) =>
  tx.rows<{ tenant_id: string }>("select distinct tenant_id from users where erase_at <= $1", [now]);

/** Locks some of those whose days are over; nobody who is being restored at this moment. */
export async function lockDueForErasure({ tx, tenantId, now }: Context, most: number): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `select id from users where tenant_id = $1 and erase_at <= $2
      order by erase_at, id limit $3 for update skip locked`,
    [tenantId, now, most],
  );
  return rows.map((row) => row.id);
}

export const postponeErasure = ({ tx, tenantId }: Context, userIds: readonly string[], eraseAt: Date) =>
  tx.run("update users set erase_at = $3 where tenant_id = $1 and id = any($2)", [
    tenantId,
    userIds,
    eraseAt,
  ]);
