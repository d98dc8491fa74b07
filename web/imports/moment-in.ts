/** `2026-09-01T07:00` in a time zone, as the moment it is. */
export function momentIn(local: string, timeZone: string): Date {
  const asUtc = new Date(`${local}:00Z`);
  const there = new Date(`${asUtc.toLocaleString("sv", { timeZone }).replace(" ", "T")}Z`);
  return new Date(asUtc.getTime() - (there.getTime() - asUtc.getTime()));
}
