const minutes = [1, 5, 15, 60];
const minutesAfter = (attempts: number) => minutes[Math.min(attempts, minutes.length) - 1] ?? 0;

/**
 * In how many milliseconds a message is tried again after its `attempts`-th attempt, or undefined when it has been tried
 * for `hours`: after 1, 5 and 15 minutes, then hourly, each up to a fifth later so that they do not come all at once.
 */
export function retryDelay(attempts: number, hours: number, chance = Math.random()): number | undefined {
  let elapsed = 0;
  for (let attempt = 1; attempt < attempts; attempt++) elapsed += minutesAfter(attempt);
  const left = hours * 60 - elapsed;
  if (left <= 0) return undefined;
  return Math.min(minutesAfter(attempts), left) * (1 + chance / 5) * 60_000;
}
