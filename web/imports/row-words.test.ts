import { expect, test } from "vitest";
import { blankWord, undoWord } from "./row-words.ts";

test.each([
  ["erased", "Undone: erased"],
  ["restored", "Given back"],
  ["signed_in", "Kept: signed in"],
  ["changed", "Kept: changed"],
  ["gone", "Deleted since"],
  ["partly_changed", "Partly undone"],
  [null, undefined],
] as const)("what undoing did with whom a row is about: %s", (undo, word) => {
  expect(undoWord({ undo })).toBe(word);
});

test.each([
  ["undone", "erased"],
  ["erased", "erased"],
  ["forgotten", "removed"],
  ["duplicate", undefined],
])("why the cells of a row are empty: %s", (code, word) => {
  expect(blankWord({ problems: [{ column: "", field: null, code, read: "", message: "" }] })).toBe(word);
});
