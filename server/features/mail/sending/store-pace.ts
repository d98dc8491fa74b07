import type { Tx } from "#server/platform/db/tx.ts";
import { dayOf, type PaceState } from "./pace.ts";

/** How far a tenant is; locked until the transaction ends. The installation's row is that of nobody's tenant. */
export async function lockPace(tx: Tx, tenantId: string, now: Date): Promise<PaceState> {
  await tx.run(
    "insert into mail_pace (tenant_id, free_at, day, used) values ($1, $2, $3, 0) on conflict (tenant_id) do nothing",
    [tenantId, now, dayOf(now)],
  );
  const row = await tx.row<{ free_at: Date; day: string; used: number }>(
    "select free_at, day::text, used from mail_pace where tenant_id = $1 for update",
    [tenantId],
  );
  return row
    ? { freeAt: row.free_at, day: row.day, used: row.used }
    : { freeAt: now, day: dayOf(now), used: 0 };
}

type Unsent = { tenantId: string; emails: number; day: string; perMinute: number | undefined };

/** Of what was counted on that day, while it lasts. */
export const uncount = (tx: Tx, { tenantId, emails, day, perMinute }: Unsent) =>
  tx.run(
    `update mail_pace set used = greatest(used - $2, 0), free_at = free_at - make_interval(secs => $4::float8)
      where tenant_id = $1 and day = $3`,
    [tenantId, emails, day, perMinute === undefined ? 0 : (emails * 60) / perMinute],
  );

export const writePace = (tx: Tx, tenantId: string, { freeAt, day, used }: PaceState) =>
  tx.run("update mail_pace set free_at = $2, day = $3, used = $4 where tenant_id = $1", [
    tenantId,
    freeAt,
    day,
    used,
  ]);
