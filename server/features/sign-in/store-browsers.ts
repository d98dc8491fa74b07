import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";

export type KnownBrowser = {
  id: string;
  first_seen_at: Date;
  last_seen_at: Date;
  ip: string | null;
  user_agent: string;
};

/** Answers whether this person has signed in with it before, and that it was seen just now. */
export const seeBrowser = async ({ tx, tenantId, now }: Context, userId: string, idHash: Buffer) =>
  (await tx.run(
    "update known_browsers set last_seen_at = $4 where tenant_id = $1 and user_id = $2 and id_hash = $3",
    [tenantId, userId, idHash, now],
  )) > 0;

type NewBrowser = { id: string; userId: string; idHash: Buffer; ip: string; userAgent: string };

/** Answers whether this person had others before. */
export async function insertBrowser({ tx, tenantId, now }: Context, browser: NewBrowser): Promise<boolean> {
  const row = await tx.row<{ others: boolean }>(
    `with made as (
       insert into known_browsers (tenant_id, user_id, id_hash, id, first_seen_at, last_seen_at, ip, user_agent)
       values ($1, $2, $3, $4, $5, $5, $6, $7))
     select exists (select from known_browsers where tenant_id = $1 and user_id = $2) as others`,
    [tenantId, browser.userId, browser.idHash, browser.id, now, browser.ip, browser.userAgent],
  );
  return row?.others ?? false;
}

/** All of one person's but so many, those used last. */
export const removeMostBrowsers = ({ tx, tenantId }: Context, userId: string, keep: number) =>
  tx.run(
    `delete from known_browsers where tenant_id = $1 and user_id = $2 and id_hash in (
       select id_hash from known_browsers where tenant_id = $1 and user_id = $2
        order by last_seen_at desc, id_hash offset $3)`,
    [tenantId, userId, keep],
  );

const columns = "id, first_seen_at, last_seen_at, ip, user_agent";

export const readBrowsers = (
  { tx, tenantId }: Context,
  { userIds, ids }: { userIds: readonly string[]; ids: readonly string[] },
) =>
  tx.rows<KnownBrowser>(
    `select ${columns} from known_browsers where tenant_id = $1 and user_id = any($2::uuid[]) and id = any($3::uuid[])`,
    [tenantId, userIds, ids],
  );

export const listBrowsers = ({ tx, tenantId }: Context, userId: string) =>
  tx.rows<KnownBrowser>(
    `select ${columns} from known_browsers where tenant_id = $1 and user_id = $2 order by first_seen_at`,
    [tenantId, userId],
  );

export const removeBrowsers = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from known_browsers where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);

/** As the system role: those that have not been used since. */
export const removeOldBrowsers = (tx: Tx, since: Date) =>
  tx.run("delete from known_browsers where last_seen_at < $1", [since]);
