import { expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { whatWasUndone } from "./what-was-undone.ts";

const told = (undone: NonNullable<Import["undone"]>, kept = 0) =>
  whatWasUndone({ state: "undone", undone, counts: { kept } as Import["counts"] });

test("whom undoing erased, who of them was emailed before, and who got something back", () => {
  expect(told({ erased: 3, emailed: 1, restored: 2 }, 1)).toBe(
    "3 people were erased, and with them what their rows said. 1 of them was sent an email before: its links and passwords do not work any more. 2 people got back what the import had changed. 1 person had signed in or changed since, see below. The same file can be imported anew.",
  );
});

test.each([
  [{ erased: 2, emailed: 2 }, "All of them were sent an email before"],
  [{ erased: 1, emailed: 1 }, "They were sent an email before"],
  [{ erased: 5, emailed: 2 }, "2 of them were sent an email before"],
])("of %o", (counts, words) => {
  expect(told({ ...counts, restored: 0 })).toContain(words);
});

test("of an undo that was stopped, who is still as the import left them", () => {
  const counts = { kept: 0, invited: 3, updated: 1 } as Import["counts"];
  const undone = { erased: 1, emailed: 0, restored: 0 };
  expect(whatWasUndone({ state: "undo_stopped", undone, counts })).toBe(
    "1 person was erased, and with them what their row said. 4 people are as the import left them.",
  );
});

test("of emails nobody got nothing is said", () => {
  expect(told({ erased: 1, emailed: 0, restored: 0 })).toBe(
    "1 person was erased, and with them what their row said. The same file can be imported anew.",
  );
});
