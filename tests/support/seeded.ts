import { onTestFailed } from "vitest";

export type Seeded = {
  /** One of these, at random. */
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** From 0 to 1. */
  number(): number;
};

/** Randomness of which a failure can be repeated: its seed is printed then, and SEED sets it. */
export function seeded(): Seeded {
  let state = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31)) | 0;
  const seed = state;
  onTestFailed(() => console.error(`Run it again with SEED=${seed}`));
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0], number: next };
}
