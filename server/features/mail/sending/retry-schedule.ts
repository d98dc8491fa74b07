const minutes = [1, 5, 15, 60];
const minutesAfter = (attempts: number) => minutes[Math.min(attempts, minutes.length) - 1] ?? 0;

/** `elapsedMs`: since it was tried first. `hours`: for how long it is tried. */
type Tried = { attempts: number; elapsedMs: number; hours: number };

/**
 * In how many milliseconds a message is tried again after its `attempts`-th attempt, or undefined when it has been tried
 * for `hours`: after 1, 5 and 15 minutes, then hourly, each up to a fifth later so that they do not come all at once. Tries in
 * quick succession do not shorten that, and after a pause (Muster was down, its tenant suspended) it is tried some more times.
 */
export function retryDelay(
  { attempts, elapsedMs, hours }: Tried,
  chance = Math.random(),
): number | undefined {
  const left = hours * 60 - elapsedMs / 60_000;
  if (left <= 0 && attempts > minutes.length) return undefined;
  const wait = minutesAfter(attempts);
  return (left > 0 ? Math.min(wait, left) : wait) * (1 + chance / 5) * 60_000;
}
