import { expect, it } from "vitest";
import { retryDelay } from "./retry-schedule.ts";

const minutes = (attempts: number, { elapsed = 0, hours = 48, chance = 0 } = {}) => {
  const delay = retryDelay({ attempts, elapsedMs: elapsed * 60_000, hours }, chance);
  return delay === undefined ? undefined : delay / 60_000;
};

it("waits 1, 5 and 15 minutes, then an hour each time", () => {
  expect([1, 2, 3, 4, 5, 40].map((attempts) => minutes(attempts))).toEqual([1, 5, 15, 60, 60, 60]);
});

it("waits up to a fifth longer, so that not all come at once", () => {
  expect(minutes(4, { chance: 0.5 })).toBeCloseTo(66);
});

it("tries a last time when the hours are over, and then gives up", () => {
  const hours = 1;
  expect(minutes(4, { hours, elapsed: 21 })).toBe(39);
  expect(minutes(5, { hours, elapsed: 60 })).toBeUndefined();
  let elapsed = 0;
  let attempts = 1;
  for (let wait = minutes(1); wait !== undefined; wait = minutes(attempts, { elapsed })) {
    elapsed += wait;
    attempts += 1;
  }
  expect(elapsed).toBe(48 * 60);
});

it("gives up by time and not by tries, however quickly they came", () => {
  expect(minutes(500, { elapsed: 2 })).toBe(60);
});

it("tries some more times after a pause that took all the time there was", () => {
  const elapsed = 1000 * 60;
  expect([2, 3, 4, 5].map((attempts) => minutes(attempts, { elapsed }))).toEqual([5, 15, 60, undefined]);
});
