import { describe, expect, it } from "vitest";
import { duration, relativeTime } from "./time.ts";
import { fileSize, listing, people } from "./words.ts";

describe("words", () => {
  it("counts people", () => {
    expect([people(0), people(1), people(12_480)]).toEqual(["0 people", "1 person", "12,480 people"]);
  });
  it("says how large a file is", () => {
    expect([fileSize(481), fileSize(2252), fileSize(3_500_000)]).toEqual(["481 bytes", "2.2 KB", "3.3 MB"]);
  });
  it("lists names", () => {
    expect(listing(["a.csv", "b.csv", "c.csv"])).toBe("a.csv, b.csv and c.csv");
  });
});

describe("times", () => {
  const now = Date.parse("2026-03-10T12:00:00Z");
  const ago = (seconds: number) => relativeTime(new Date(now - seconds * 1000).toISOString(), now);
  it("are relative while that says something, then a date", () => {
    expect([ago(5), ago(60), ago(7200), ago(86_400), ago(30 * 86_400)]).toEqual([
      "just now",
      "1 minute ago",
      "2 hours ago",
      "yesterday",
      "8 Feb 2026",
    ]);
  });
  it("estimate roughly", () => {
    expect([duration(3), duration(31), duration(600), duration(7200)]).toEqual([
      "a few seconds",
      "about 35 seconds",
      "about 10 minutes",
      "about 2 hours",
    ]);
  });
});
