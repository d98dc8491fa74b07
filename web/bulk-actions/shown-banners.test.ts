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

test("all that is at work is told of, and of what is over the latest alone, for an hour", () => {
  const own = [
    action("running", "running", 1),
    action("late", "finished", 2),
    action("undoing", "undoing", 3),
    action("early", "undone", 4),
  ];
  expect(shown(own)).toEqual(["running", "late", "undoing"]);
  expect(shown([action("old", "finished", 61)])).toEqual([]);
});

test("what was dismissed is gone, and nothing older comes up in its place; another state of it is news", () => {
  const [late, early] = [action("late", "finished", 2), action("early", "finished", 4)];
  expect(shown([late, early], [nameOf(late)])).toEqual([]);
  expect(shown([{ ...late, state: "undone" }, early], [nameOf(late)])).toEqual(["late"]);
});
