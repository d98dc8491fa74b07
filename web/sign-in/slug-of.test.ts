import { expect, test } from "vitest";
import { slugOf } from "./slug-of.ts";

test.each([
  [" Northwind ", "northwind"],
  ["https://people.example/t/northwind/", "northwind"],
  ["people.example/t/north-wind", "north-wind"],
  ["http://localhost:4700/t/northwind/sign-in?to=%2Ft%2Fother%2F", "northwind"],
  ["/t/northwind/link#abc", "northwind"],
])("%s leads to %s", (typed, slug) => {
  expect(slugOf(typed)).toBe(slug);
});
