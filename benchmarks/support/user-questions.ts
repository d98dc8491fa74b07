import type { UserFilter } from "#server/features/users/filter-sql.ts";

export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

/** One filter of each kind, and pairs of them, in a tenant of many people (`addManyPeople`). */
export const userFilters = ({ groupId, importId }: { groupId: string; importId: string }): UserFilter[] => [
  { status: "invited" },
  { status: "suspended", neverSignedIn: true },
  { role: "administrator" },
  { groupId },
  { groupId, status: "active" },
  { neverSignedIn: true },
  { secondFactor: "none" },
  { secondFactor: "set_up", role: "administrator" },
  { invitationExpired: true },
  { mailFailed: true },
  { importId },
  { createdFrom: daysAgo(7) },
  { createdFrom: daysAgo(60), createdBefore: daysAgo(59), status: "active" },
];

/** Beginnings and parts of names and addresses, from those that nearly everybody has to those of two people. */
export const searchedWords = [
  "m",
  "sta",
  "stad",
  "mann",
  "brauga",
  "wolter",
  "lia kra",
  "hansen",
  "kerna.gus",
  "17@example",
  "example.org",
];
