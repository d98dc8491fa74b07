import { expect, test } from "vitest";
import { unchosen } from "./typed-group.ts";

const staff = { id: "1", name: "Staff", active: true };

test("text that was typed and not chosen is a problem", () => {
  expect(unchosen(" Reception ", [staff])).toEqual({
    groups: "Choose “Reception” from the list, or clear it.",
  });
});

test("nothing typed, and the name of a group that is chosen already, are none", () => {
  expect(unchosen("  ", [])).toEqual({});
  expect(unchosen("staff", [staff])).toEqual({});
});
