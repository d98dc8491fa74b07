import { expect, test } from "vitest";
import { leftOut } from "./left-out.ts";

test("each reason with its number, and nothing where every row is imported", () => {
  expect(leftOut({ counts: { problem: 2, duplicate: 1 }, createMissingGroups: false })).toBe(
    "Left out: 2 rows have problems and 1 row stands in the file twice.",
  );
  expect(leftOut({ counts: { invited: 3, conflict: 1 }, createMissingGroups: false })).toBe(
    "Left out: 1 row is of people or groups changed meanwhile.",
  );
  expect(leftOut({ counts: { unknown_group: 3 }, createMissingGroups: true })).toBe("");
  expect(leftOut({ counts: { invited: 3 }, createMissingGroups: false })).toBe("");
});
