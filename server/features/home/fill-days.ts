import { type DailyCount, dayOf } from "../users/store-daily-counts.ts";

const dayMs = 24 * 3_600_000;

/** The first of so many days, of which the last is today. */
export const firstDay = (now: Date, days: number) => dayOf(new Date(now.getTime() - (days - 1) * dayMs));

type Span = { now: Date; days: number; today: Omit<DailyCount, "day"> };

/** A count for each day, beginning with the first that is known; a day that nobody counted on was as the day before. */
export function fillDays(kept: readonly DailyCount[], { now, days, today }: Span): DailyCount[] {
  const byDay = new Map(kept.map((count) => [count.day, count]));
  const first = firstDay(now, days);
  let last = kept.findLast(({ day }) => day <= first);
  const filled: DailyCount[] = [];
  for (let back = days - 1; back > 0; back -= 1) {
    const day = dayOf(new Date(now.getTime() - back * dayMs));
    last = byDay.get(day) ?? last;
    if (last) filled.push({ ...last, day });
  }
  return [...filled, { day: dayOf(now), ...today }];
}
