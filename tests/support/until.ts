import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition rather than for a time: answers what `look` answers as soon as that is something. */
export async function until<T>(
  look: () => T | Promise<T>,
  what = "the condition",
  ms = 20_000,
): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen) return seen as Exclude<NonNullable<T>, false>;
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${ms} ms`);
    await pause(10);
  }
}
