import { expect, test } from "vitest";
import { filterOf, isNarrowed, usersState } from "./users-state.ts";

test("what an address says that is not understood is left out", () => {
  const given = {
    role: "king",
    from: "2026-02-31x",
    until: "2026-11-05",
    sort: "shoe",
    never: "no",
    failed: "true",
    factor: "perhaps",
  };
  expect(usersState(given)).toEqual({ until: "2026-11-05", failed: true });
  expect(isNarrowed(usersState({ search: "a", status: "active" }))).toBe(false);
  expect(isNarrowed(usersState({ expired: true }))).toBe(true);
  expect(filterOf(usersState({ factor: "none" }), "UTC")).toEqual({ secondFactor: "none" });
});

test("days are whole days of the organisation, wherever the address is opened", () => {
  expect(filterOf({ from: "2026-12-31", until: "2026-12-31" }, "America/New_York")).toEqual({
    createdFrom: "2026-12-31T05:00:00.000Z",
    createdBefore: "2027-01-01T05:00:00.000Z",
  });
});
