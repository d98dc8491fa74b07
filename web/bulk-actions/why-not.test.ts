import { expect, test } from "vitest";
import { bulkActionNames } from "#server/features/bulk-actions/contract.ts";
import { whyNot } from "./why-not.ts";

const person = {
  status: "active" as const,
  invitation: null,
  mailFailure: null,
  groups: [{ id: "1", name: "Staff", active: true }],
};
const possible = (...people: Parameters<typeof whyNot>[1]) =>
  bulkActionNames.filter((name) => whyNot(name, people) === undefined);

test("what would change nothing about anybody ticked is said to be so, with the reason", () => {
  const suspended = { ...person, status: "suspended" as const, groups: [] };
  const invited = { ...person, status: "invited" as const, invitation: "pending" as const };
  const revoked = { ...invited, invitation: "revoked" as const };
  const failed = { ...person, mailFailure: { at: "2026-11-01T08:00:00.000Z", reply: "550 no such user" } };
  const always = ["add_to_groups", "remove_from_groups", "suspend", "delete"];
  expect(possible(person)).toEqual([...always.slice(0, 3), "send_password_link", "delete"]);
  expect(possible(suspended)).toEqual(["add_to_groups", "reactivate", "delete"]);
  expect(possible(invited)).toEqual([
    ...always.slice(0, 3),
    "resend_invitation",
    "revoke_invitation",
    "delete",
  ]);
  expect(possible(revoked)).not.toContain("revoke_invitation");
  expect(possible(failed)).toContain("clear_mail_failure");
  expect(possible(person, suspended, invited, failed)).toEqual([...bulkActionNames]);
  expect(whyNot("reactivate", [person, invited])).toBe("Nobody ticked is suspended.");
});
