import fc from "fast-check";

/** How many cases a property is tried with; RUNS multiplies it, for looking longer. */
const longer = Number(process.env.RUNS ?? 1);

/**
 * Asserts that a property holds for random cases. Of a failure the smallest case and its seed are printed; SEED repeats
 * it. Keep the case as a named example when it is mended.
 */
export const holds = async <Case>(property: fc.IAsyncProperty<Case>, runs = 100): Promise<void> =>
  fc.assert(property, {
    numRuns: Math.ceil(runs * longer),
    ...(process.env.SEED && { seed: Number(process.env.SEED) }),
  });
