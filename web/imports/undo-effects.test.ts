import { expect, test } from "vitest";
import type { UndoPlan } from "#server/features/imports/contract.ts";
import { undoEffects } from "./undo-effects.ts";

const nothing: UndoPlan = {
  hash: "",
  erase: 0,
  emailed: 0,
  restore: 0,
  withdraw: 0,
  removeGroups: 0,
  reactivate: 0,
  welcomes: { atOnce: 0, waiting: 0 },
  keptLeavers: 0,
  conflicts: [],
};

test.each([
  [0, []],
  [1, ["1 of them has been sent their email."]],
  [5, ["5 of them have been sent their email."]],
  [12, ["All of them have been sent their email."]],
])(
  "of 12 people %i of whom were emailed it says so, and what their emails are worth then",
  (emailed, told) => {
    const [first, ...more] = undoEffects({ ...nothing, erase: 12, emailed });
    expect(first).toBe("12 people who have not signed in are erased; the addresses are free again.");
    expect(more).toEqual(
      told.map((sentence) => `${sentence} Links and passwords in emails they have got do not work any more.`),
    );
  },
);

test("how many emails are withdrawn", () => {
  expect(undoEffects({ ...nothing, erase: 1, withdraw: 1 })).toEqual([
    "1 person who has not signed in is erased; the address is free again.",
    "1 email not sent yet is withdrawn.",
  ]);
  expect(undoEffects(nothing)).toEqual(["There is nothing left that could be undone."]);
});
