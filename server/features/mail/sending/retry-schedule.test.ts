import { expect, it } from "vitest";
import { retryDelay } from "./retry-schedule.ts";

const minutes = (attempts: number, hours = 48, chance = 0) => {
  const delay = retryDelay(attempts, hours, chance);
  return delay === undefined ? undefined : delay / 60_000;
};

it("waits 1, 5 and 15 minutes, then an hour each time", () => {
  expect([1, 2, 3, 4, 5, 40].map((attempts) => minutes(attempts))).toEqual([1, 5, 15, 60, 60, 60]);
});

it("waits up to a fifth longer, so that not all come at once", () => {
  expect(minutes(4, 48, 0.5)).toBeCloseTo(66);
});

it("tries a last time when the hours are over, and then gives up", () => {
  expect([4, 5].map((attempts) => minutes(attempts, 1))).toEqual([39, undefined]);
  let attempts = 0;
  let total = 0;
  for (let wait = minutes(1); wait !== undefined; wait = minutes(++attempts + 1)) total += wait;
  expect(total).toBe(48 * 60);
});
