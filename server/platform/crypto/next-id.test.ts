import { validate, version } from "uuid";
import { expect, test } from "vitest";
import { nextId } from "./next-id.ts";

test("ids are UUIDs v7 of now, each behind the one before, also where random bytes are drawn anew", () => {
  const before = Date.now();
  const ids = Array.from({ length: 100_000 }, nextId);
  const after = Date.now();
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  const madeAt = (id = "") => Number.parseInt(id.replace("-", "").slice(0, 12), 16);
  expect(madeAt(ids[0])).toBeGreaterThanOrEqual(before);
  expect(madeAt(ids.at(-1))).toBeLessThanOrEqual(after);
});

test("what is not the time or the count differs from id to id", () => {
  const ends = Array.from({ length: 10_000 }, () => nextId().slice(-10));
  expect(new Set(ends).size).toBe(ends.length);
});
