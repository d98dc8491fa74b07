const units: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });

export const exactTime = (at: string) => exact.format(new Date(at));

/** A calendar day, `2026-11-05`, as people write it. */
export const exactDay = (date: string) => day.format(new Date(`${date}T12:00`));

/** "just now", "5 minutes ago", "yesterday"; a date once "days ago" no longer says anything. */
export function relativeTime(at: string, now: number): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  if (Math.abs(seconds) > 14 * 86_400) return day.format(new Date(at));
  const [unit, size] = units.findLast(([, length]) => Math.abs(seconds) >= length * 0.75) ?? ["minute", 60];
  return relative.format(Math.round(seconds / size), unit);
}

/** How long something takes yet: "about 2 minutes". */
export function duration(seconds: number): string {
  if (seconds < 5) return "a few seconds";
  if (seconds < 90) return `about ${Math.ceil(seconds / 5) * 5} seconds`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} minutes`;
  return `about ${Math.round(seconds / 3600)} hours`;
}
