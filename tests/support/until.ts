import { setTimeout as pause } from "node:timers/promises";

const shortest = 5;
const longest = 30;
const longestAfterLong = 100;

/**
 * Waits for a condition rather than for a time: answers what `look` answers as soon as that is something. It looks less often
 * after a while, and the less often the longer that takes, so that looking does not hold up what is looked for.
 */
export async function until<T>(
  look: () => T | Promise<T>,
  what = "the condition",
  ms = 20_000,
): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = Date.now() + ms;
  for (let pauseMs = shortest; ; pauseMs = Math.min(1.2 * pauseMs, longest)) {
    const began = performance.now();
    const seen = await look();
    if (seen) return seen as Exclude<NonNullable<T>, false>;
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${ms} ms`);
    const tookMs = performance.now() - began;
    await pause(Math.max(pauseMs, Math.min(2 * tookMs, longestAfterLong)));
  }
}
