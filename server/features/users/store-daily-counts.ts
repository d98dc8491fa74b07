import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { readableSettings } from "../tenants/tenant-settings.ts";

/** How many there were on a day of the tenant's time zone; by status only where somebody counted so on that day. */
export type DailyCount = {
  day: string;
  people: number;
  invited: number | null;
  active: number | null;
  suspended: number | null;
};

/**
 * As the system role, for all tenants at once: today's count, in place of an earlier one of today. What day it is in each zone
 * is said by the runtime, which the settings are checked by: PostgreSQL may not know a zone that it knows.
 */
export async function writeDailyCounts(tx: Tx, now: Date) {
  const zones = await tx.rows<{ chosen: string | null }>(
    "select distinct settings->>'timeZone' as chosen from tenants",
  );
  const days = zones.map(({ chosen }) => dayIn(readableSettings({ timeZone: chosen }).timeZone, now));
  await tx.run(
    `insert into user_counts_daily (tenant_id, day, people, invited, active, suspended)
     select c.tenant_id, z.day, sum(c.people), coalesce(sum(c.people) filter (where c.status = 'invited'), 0),
            coalesce(sum(c.people) filter (where c.status = 'active'), 0),
            coalesce(sum(c.people) filter (where c.status = 'suspended'), 0)
       from user_counts c
       join tenants t on t.id = c.tenant_id
       join unnest($1::text[], $2::date[]) z(chosen, day) on z.chosen is not distinct from t.settings->>'timeZone'
      group by c.tenant_id, z.day order by c.tenant_id
     on conflict (tenant_id, day) do update
        set people = excluded.people, invited = excluded.invited, active = excluded.active, suspended = excluded.suspended`,
    [zones.map(({ chosen }) => chosen), days],
  );
}

/** The counts there are from that day on, and the last one before it. A day without one was as the day before it. */
export const listDailyCounts = ({ tx, tenantId }: Context, from: string) =>
  tx.rows<DailyCount>(
    `select day::text, people, invited, active, suspended from user_counts_daily
      where tenant_id = $1
        and day >= coalesce((select max(day) from user_counts_daily where tenant_id = $1 and day <= $2::date), $2::date)
      order by day`,
    [tenantId, from],
  );

/** The day that a moment belongs to in a time zone, `2026-11-28`. */
export const dayIn = (timeZone: string, at: Date) => at.toLocaleDateString("sv", { timeZone });
