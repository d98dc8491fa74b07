import { expect, test } from "vitest";
import { dayBegins } from "./day-begins.ts";

test.each([
  ["2026-11-28", "UTC", "2026-11-28T00:00:00.000Z"],
  ["2026-11-28", "Europe/Berlin", "2026-11-27T23:00:00.000Z"],
  ["2026-07-01", "America/New_York", "2026-07-01T04:00:00.000Z"],
  ["2026-07-01", "Asia/Kolkata", "2026-06-30T18:30:00.000Z"],
  ["2026-07-01", "Pacific/Kiritimati", "2026-06-30T10:00:00.000Z"],
  // The days on which clocks change in the night, and those after them.
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
  // There is no midnight: clocks go from 24:00 to 01:00.
  ["2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z"],
  // There are two: at 01:00 clocks go back to it.
  ["2025-11-02", "America/Havana", "2025-11-02T04:00:00.000Z"],
])("%s in %s begins at %s", (day, timeZone, moment) => {
  expect(dayBegins(day, timeZone)).toBe(moment);
});

test("the day after the last of a year is the next year's first", () => {
  expect(dayBegins("2026-12-31", "Europe/Berlin", 1)).toBe("2026-12-31T23:00:00.000Z");
});
