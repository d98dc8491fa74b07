import { expect, test } from "vitest";
import type { BulkAction } from "#server/features/bulk-actions/contract.ts";
import { nameOf, shownBanners } from "./shown-banners.ts";

const now = Date.parse("2026-05-04T12:00:00Z");
const action = (id: string, state: BulkAction["state"], minutesAgo: number) => {
  const at = new Date(now - minutesAgo * 60_000).toISOString();
  return { id, state, startedAt: at, finishedAt: state === "running" ? null : at } as BulkAction;
};
const shown = (own: BulkAction[], dismissed: string[] = []) =>
  shownBanners(own, { dismissed, now }).map(({ id }) => id);

test("all that is at work is told of, and when nothing is the latest result alone, for an hour", () => {
  const over = [action("late", "finished", 2), action("early", "finished", 4)];
  expect(shown([action("running", "running", 1), ...over, action("undoing", "undoing", 5)])).toEqual([
    "running",
    "undoing",
  ]);
  expect(shown(over)).toEqual(["late"]);
  expect(shown([action("old", "finished", 61)])).toEqual([]);
});

test("an undo that has just ended is the latest result, however long ago its action began", () => {
  const [late, early] = [action("late", "finished", 2), action("early", "undone", 1)];
  expect(shown([late, { ...early, startedAt: action("", "finished", 50).startedAt }])).toEqual(["early"]);
});

test("what was dismissed is gone, and nothing older comes up in its place; another state of it is news", () => {
  const [late, early] = [action("late", "finished", 2), action("early", "finished", 4)];
  expect(shown([late, early], [nameOf(late)])).toEqual([]);
  expect(shown([{ ...late, state: "undone" }, early], [nameOf(late)])).toEqual(["late"]);
});
