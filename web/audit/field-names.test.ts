import { expect, test } from "vitest";
import { detailName, valueWords } from "./field-names.ts";

test("numbers of an event as people say them", () => {
  const names = ["erased", "emailed", "restored", "undone", "groups", "restorableForDays"];
  expect(names.map(detailName)).toEqual([
    "people erased",
    "emailed before",
    "people changed back",
    "people as before",
    "groups deleted",
    "restorable for days",
  ]);
});

test("values as people say them", () => {
  const values = [true, "user_administrator", ["Staff", "Choir"], 20, "", null, []];
  expect(values.map((value) => valueWords(value, "field"))).toEqual([
    "yes",
    "User administrator",
    "Staff, Choir",
    "20",
    undefined,
    undefined,
    undefined,
  ]);
  expect(["de", null].map((value) => valueWords(value, "language"))).toEqual(["Deutsch", undefined]);
});
