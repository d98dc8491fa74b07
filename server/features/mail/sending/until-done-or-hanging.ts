import { setTimeout as pause } from "node:timers/promises";

type Hanging = {
  /** How many of the hands wait for the mail server, and for nothing else. */
  atServer(): number;
  /** How long the last ones are waited for. */
  patienceMs: number;
  /** Whether so many may be left behind, and what must be done when one of them ends; undefined where they may not. */
  leave(hands: number): (() => void) | undefined;
};

/**
 * Waits until all hands have ended, which never fail; or, once there is nothing more to take, until only such are left as the mail
 * server keeps waiting, few enough to leave them to themselves. Answers those.
 */
export async function untilDoneOrHanging(
  hands: readonly Promise<void>[],
  { atServer, patienceMs, leave }: Hanging,
): Promise<readonly Promise<void>[]> {
  const open = new Set(hands);
  for (const hand of hands) void hand.then(() => open.delete(hand));
  // Whoever ends first has found nothing more to take.
  await Promise.race(hands);
  while (open.size > 0) {
    await Promise.race([Promise.all(open), pause(patienceMs, undefined, { ref: false })]);
    const ended = open.size > 0 && atServer() === open.size ? leave(open.size) : undefined;
    if (ended) return [...open].map((hand) => hand.then(ended));
  }
  return [];
}
