import type { Context } from "#server/context.ts";
import { prefixRange } from "#server/platform/db/prefix-range.ts";
import { foldText } from "./person-name.ts";

/** The ids of users whose name or address begins like that, at most so many. */
export async function findUserIds(
  { tx, tenantId }: Context,
  search: string,
  atMost: number,
): Promise<string[]> {
  const name = prefixRange(
    foldText(search)
      .replace(/[,\s]+/g, " ")
      .trim(),
  );
  const address = prefixRange(search.trim().normalize("NFKC").toLowerCase());
  const rows = await tx.rows<{ id: string }>(
    `select u.id from users u
      where u.tenant_id = $1 and u.deleted_at is null
        and ((u.name_key >= $2 and u.name_key < $3) or (u.given_key >= $2 and u.given_key < $3)
          or (u.email_key >= $4 and u.email_key < $5))
      limit $6`,
    [tenantId, name.from, name.to, address.from, address.to, atMost],
  );
  return rows.map((row) => row.id);
}
