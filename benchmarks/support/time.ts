/** How long it took, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

export const median = (times: readonly number[]) => quantile(times, 0.5);

/** Of a hundred, how long the slowest but one took. */
export const p99 = (times: readonly number[]) => quantile(times, 0.99);

/** Between two of them in proportion, so that the median of an even number is the middle of two. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below = Number.NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place % 1);
}

/** In seconds; what is short with more digits. */
export const inSeconds = (time: number) => time.toFixed(time < 1 ? 4 : 2);

/** Fastest and slowest, in seconds. */
export const spread = (times: readonly number[]) =>
  `${inSeconds(Math.min(...times))}–${inSeconds(Math.max(...times))}`;
