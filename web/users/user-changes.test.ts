import { describe, expect, it } from "vitest";
import { changesSince, describeChanges, rebase } from "./user-changes.ts";

const group = (name: string) => ({ id: name, name, active: true });
const [staff, sales, north] = [group("Staff"), group("Sales"), group("North")];
const base = {
  firstName: "Eva",
  lastName: "Ek",
  email: "eva@north.example",
  role: "member" as const,
  groups: [staff, sales],
};

describe("what Edit sends", () => {
  it("is only the difference, so that memberships not touched stay", () => {
    const now = { ...base, firstName: "Eva Maria", groups: [sales, north] };
    expect(changesSince(base, now).body).toEqual({
      firstName: "Eva Maria",
      addGroupIds: ["North"],
      removeGroupIds: ["Staff"],
    });
  });
  it("is nothing where nothing was changed", () => {
    expect(changesSince(base, { ...base, groups: [sales, staff] }).nothing).toBe(true);
  });
});

describe("somebody else's change meanwhile", () => {
  const own = { ...base, firstName: "Eva Maria", groups: [staff, sales, north] };
  const theirs = { ...base, firstName: "Ewa", lastName: "Ek-Olsen", groups: [sales] };
  it("is taken over where one's own edits do not say otherwise", () => {
    expect(rebase(base, own, theirs)).toEqual({
      ...base,
      firstName: "Eva Maria",
      lastName: "Ek-Olsen",
      groups: [sales, north],
    });
  });
  it("is told in words", () => {
    expect(describeChanges(base, theirs)).toBe("first name (now Ewa), last name (now Ek-Olsen) and groups");
  });
});
