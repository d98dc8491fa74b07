import { describe, expect, it } from "vitest";
import { changesOfOthers, changesSince, rebase } from "./user-changes.ts";

const group = (name: string) => ({ id: name, name, active: true });
const [staff, sales, north] = [group("Staff"), group("Sales"), group("North")];
const base = {
  firstName: "Eva",
  lastName: "Ek",
  email: "eva@north.example",
  role: "member" as const,
  language: null,
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
  it("can be a language, or none of their own", () => {
    expect(changesSince(base, { ...base, language: "de" }).body).toMatchObject({ language: "de" });
    expect(changesSince({ ...base, language: "de" }, base).body).toMatchObject({ language: null });
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
  it("is told thing by thing, old and new", () => {
    expect(changesOfOthers(base, theirs)).toEqual([
      { field: "firstName", label: "first name", before: "Eva", now: "Ewa" },
      { field: "lastName", label: "last name", before: "Ek", now: "Ek-Olsen" },
      { field: "groups", label: "groups", before: "Sales, Staff", now: "Sales" },
    ]);
    expect(changesOfOthers(base, { ...base, groups: [sales, staff] })).toEqual([]);
    expect(changesOfOthers(base, { ...base, role: "auditor" })).toMatchObject([
      { before: "Member", now: "Auditor" },
    ]);
    expect(changesOfOthers(base, { ...base, language: "es" })).toMatchObject([
      { label: "language of emails", before: "the organisation's", now: "Español" },
    ]);
  });
});
