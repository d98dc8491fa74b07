import type { DailyCount } from "../users/store-daily-counts.ts";

const dayMs = 24 * 3_600_000;

/** The calendar day so many days before one. */
export const daysBefore = (day: string, days: number) =>
  new Date(Date.parse(day) - days * dayMs).toISOString().slice(0, 10);

type Span = { today: DailyCount; days: number };

/** A count for each day, beginning with the first that is known; a day that nobody counted on was as the day before. */
export function fillDays(kept: readonly DailyCount[], { today, days }: Span): DailyCount[] {
  const byDay = new Map(kept.map((count) => [count.day, count]));
  const first = daysBefore(today.day, days - 1);
  let last = kept.findLast(({ day }) => day <= first);
  const filled: DailyCount[] = [];
  for (let back = days - 1; back > 0; back -= 1) {
    const day = daysBefore(today.day, back);
    last = byDay.get(day) ?? last;
    if (last) filled.push({ ...last, day });
  }
  return [...filled, today];
}
