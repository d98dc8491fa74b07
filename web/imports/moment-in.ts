const aDay = 86_400_000;

/** How far the clocks of a time zone are ahead of UTC at a moment. */
function offsetAt(moment: number, timeZone: string): number {
  const shown = new Date(moment).toLocaleString("sv", { timeZone }).replace(" ", "T");
  return new Date(`${shown}Z`).getTime() - moment;
}

/**
 * `2026-09-01T07:00` in a time zone, as the moment it is. Where the clocks show it twice it is the first one; where they skip
 * it, it is as long after the change as was meant.
 */
export function momentIn(local: string, timeZone: string): Date {
  const wall = new Date(`${local}:00Z`).getTime();
  const [before, after] = [wall - offsetAt(wall - aDay, timeZone), wall - offsetAt(wall + aDay, timeZone)];
  const isThen = (moment: number) => moment + offsetAt(moment, timeZone) === wall;
  return new Date(!isThen(before) && isThen(after) ? after : before);
}
