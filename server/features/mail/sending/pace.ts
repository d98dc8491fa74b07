/** How many emails may go at most; undefined where there is no limit. */
export type Pace = { perMinute: number | undefined; perDay: number | undefined };

/** `freeAt`: when the next one may go at an even pace. `used`: how many went on `day` (UTC). */
export type PaceState = { freeAt: Date; day: string; used: number };

export const isLimited = ({ perMinute, perDay }: Pace) => perMinute !== undefined || perDay !== undefined;

export const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** When the next day begins (UTC). */
export const nextDay = (at: Date) => new Date(Date.parse(`${dayOf(at)}T00:00:00Z`) + 86_400_000);

/** After a pause so much may be made up for at once. */
const burstMs = 1_000;

type Wanted = {
  pace: Pace;
  wanted: number;
  now: Date;
  /** Counted, and granted whatever the pace says. */
  anyway?: boolean;
};

/**
 * How many of the wanted emails may go now, when the next one may where that is fewer, and the state after it. A day's quota
 * begins anew at midnight (UTC).
 */
export function grantEmails(before: PaceState, { pace, wanted, now, anyway = false }: Wanted) {
  const day = dayOf(now);
  const used = before.day === day ? before.used : 0;
  const interval = pace.perMinute === undefined ? 0 : 60_000 / pace.perMinute;
  const from = Math.max(before.freeAt.getTime(), now.getTime() - burstMs);
  const byPace = interval === 0 ? wanted : Math.max(0, Math.floor((now.getTime() - from) / interval) + 1);
  const byDay = pace.perDay === undefined ? wanted : Math.max(0, pace.perDay - used);
  const granted = anyway ? wanted : Math.min(wanted, byPace, byDay);
  const after: PaceState = {
    freeAt: new Date(interval === 0 ? before.freeAt : from + granted * interval),
    day,
    used: used + granted,
  };
  return { granted, after, nextAt: granted < wanted ? nextAt({ byDay, granted, now, after }) : undefined };
}

type Short = { byDay: number; granted: number; now: Date; after: PaceState };

/** Tomorrow where the day's quota is used up, otherwise when there is something to make up for again. */
function nextAt({ byDay, granted, now, after }: Short): Date {
  if (byDay <= granted) return nextDay(now);
  return new Date(Math.max(after.freeAt.getTime(), now.getTime() + burstMs / 2));
}
