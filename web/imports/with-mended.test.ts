import { expect, it } from "vitest";
import { withMended } from "./with-mended.ts";

const problem = { value: "problem" };
const ready = { value: "ready" };
const undone = { value: "undone" };

it("keeps problems in sight when the last one is mended, while they are what is looked at", () => {
  expect(withMended([ready], "problem", problem)).toEqual([problem, ready]);
  expect(withMended([ready], "ready", problem)).toEqual([ready]);
});

it("shows problems once, wherever they stand", () => {
  expect(withMended([problem, ready], "problem", problem)).toEqual([problem, ready]);
  expect(withMended([undone, problem], "problem", problem)).toEqual([undone, problem]);
});
