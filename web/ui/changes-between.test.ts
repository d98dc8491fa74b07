import { describe, expect, it } from "vitest";
import { changedSince, type FieldWords, rebased, theirChanges } from "./changes-between.ts";

type Values = { name: string; active: boolean };
const words: FieldWords<Values> = {
  name: { label: "name", say: (name) => name || "empty" },
  active: { label: "active", say: (active) => (active ? "on" : "off") },
};
const base = { name: "Choir", active: true };

describe("two who edit the same thing", () => {
  const theirs = { name: "Big choir", active: true };
  it("each send only what they changed", () => {
    expect(changedSince(words, base, { ...base, active: false })).toEqual({ active: false });
    expect(changedSince(words, base, { ...base })).toEqual({});
  });
  it("keep their own edits on top of the other's", () => {
    expect(rebased(words, { ...base, active: false }, { base, theirs })).toEqual({
      name: "Big choir",
      active: false,
    });
    expect(rebased(words, { ...base, name: "Small choir" }, { base, theirs }).name).toBe("Small choir");
  });
  it("are told what the other changed, old and new", () => {
    expect(theirChanges(words, base, theirs)).toEqual([
      { field: "name", label: "name", before: "Choir", now: "Big choir" },
    ]);
    expect(theirChanges(words, { ...base, name: "" }, { ...base, active: false })).toEqual([
      { field: "name", label: "name", before: "empty", now: "Choir" },
      { field: "active", label: "active", before: "on", now: "off" },
    ]);
  });
});
