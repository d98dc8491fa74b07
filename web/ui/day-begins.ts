const dayMs = 86_400_000;

/** What clocks in a time zone show at a moment, as if that were UTC. */
const clockAt = (at: number, timeZone: string) =>
  Date.parse(`${new Date(at).toLocaleString("sv", { timeZone }).replace(" ", "T")}Z`);

/**
 * The moment at which a day, `2026-11-28`, begins in a time zone, or so many days after it. Where clocks are put forward at
 * midnight it begins with that; where they are put back over it, with the first of the two midnights.
 */
export function dayBegins(day: string, timeZone: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const midnight = Date.UTC(year, month - 1, date + later);
  const offsetAt = (at: number) => clockAt(at, timeZone) - at;
  const [first, second] = [midnight - dayMs, midnight + dayMs].map((near) => midnight - offsetAt(near)) as [
    number,
    number,
  ];
  const begins =
    clockAt(first, timeZone) === midnight || clockAt(second, timeZone) !== midnight ? first : second;
  return new Date(begins).toISOString();
}
