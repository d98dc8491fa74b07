import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";

/** How many there were on a day, in UTC; by status only where somebody counted so on that day. */
export type DailyCount = {
  day: string;
  people: number;
  invited: number | null;
  active: number | null;
  suspended: number | null;
};

/** As the system role, for all tenants at once: today's count, in place of an earlier one of today. */
export const writeDailyCounts = (tx: Tx, now: Date) =>
  tx.run(
    `insert into user_counts_daily (tenant_id, day, people, invited, active, suspended)
     select tenant_id, $1::date, sum(people), coalesce(sum(people) filter (where status = 'invited'), 0),
            coalesce(sum(people) filter (where status = 'active'), 0),
            coalesce(sum(people) filter (where status = 'suspended'), 0)
       from user_counts group by tenant_id order by tenant_id
     on conflict (tenant_id, day) do update
        set people = excluded.people, invited = excluded.invited, active = excluded.active, suspended = excluded.suspended`,
    [dayOf(now)],
  );

/** The counts there are from that day on, and the last one before it. A day without one was as the day before it. */
export const listDailyCounts = ({ tx, tenantId }: Context, from: string) =>
  tx.rows<DailyCount>(
    `select day::text, people, invited, active, suspended from user_counts_daily
      where tenant_id = $1
        and day >= coalesce((select max(day) from user_counts_daily where tenant_id = $1 and day <= $2::date), $2::date)
      order by day`,
    [tenantId, from],
  );

/** The day of a moment, in UTC. */
export const dayOf = (at: Date) => at.toISOString().slice(0, 10);
