import type { Context } from "#server/context.ts";

/** Where nothing was sent lately, or as long as that is too little to tell. */
const assumed = 10;
const window = 1000;

/** About how many emails a second this tenant's messages have been sent at lately: of the last thousand accepted. */
export async function mailPerSecond({ tx, tenantId, now }: Context): Promise<number> {
  const found = await tx.row<{ emails: number; seconds: number }>(
    `select count(*)::int as emails, coalesce(extract(epoch from max(finished_at) - min(finished_at)), 0)::float8 as seconds
       from (select finished_at from messages
              where tenant_id = $1 and state = 'accepted' and finished_at > $2::timestamptz - interval '1 hour'
              order by id desc limit $3) lately`,
    [tenantId, now, window],
  );
  return found && found.emails >= 100 && found.seconds > 0 ? found.emails / found.seconds : assumed;
}
