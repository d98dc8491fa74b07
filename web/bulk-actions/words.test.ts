import { expect, test } from "vitest";
import type { BulkAction } from "#server/features/bulk-actions/contract.ts";
import { consequenceOf, detailsOf, whatHappens } from "./words.ts";

const undone = (action: BulkAction["action"], counts: { changed: number; undone: number }) =>
  whatHappens({
    id: "",
    action,
    state: "undone",
    groups: [{ id: "", name: "Staff" }],
    people: 3,
    ...counts,
  } as BulkAction);

test.each([
  ["add_to_groups", "Undone: 3 people taken out of Staff again"],
  ["remove_from_groups", "Undone: 3 people put back into Staff"],
  ["suspend", "Undone: 3 people let in again"],
  ["reactivate", "Undone: 3 people suspended again"],
  ["delete", "Undone: 3 people restored"],
] as const)("what was given back when %s is undone", (action, words) => {
  expect(undone(action, { changed: 3, undone: 3 })).toBe(words);
});

test("of how many, where somebody was changed since", () => {
  expect(undone("suspend", { changed: 3, undone: 2 })).toBe("Undone: 2 of 3 people let in again");
});

test("reactivating says how many get their first email by it", () => {
  const said = (emails: number) => consequenceOf("reactivate", { deletedDays: 30, emails });
  expect(said(0)).toBe("They can sign in again. You can undo it.");
  expect(said(1)).toContain("1 person who never got a first email gets it now.");
  expect(said(2500)).toContain("2,500 people who never got a first email get it now.");
});

test("what a finished action left as it was is told in two words", () => {
  const finished = { state: "finished", people: 9, changed: 5, unchanged: 1, refused: 3 } as BulkAction;
  expect(detailsOf(finished)).toBe("1 person unchanged, 3 people left alone");
});
