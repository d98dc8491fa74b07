import type { UserFilter } from "#server/features/users/filter-sql.ts";

export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

type Ids = { groupId: string; importId: string };

/** One filter of each kind, and pairs of them, in a tenant of many people (`addManyPeople`). */
export const userFilters = ({ groupId, importId }: Ids): UserFilter[] => [
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

/** What there are sums for. */
export const countedAtOnce: readonly UserFilter[] = [
  {},
  { neverSignedIn: true },
  { secondFactor: "none" },
  { role: "administrator" },
];

/** What has to be counted. */
export const countedFilters = ({ groupId, importId }: Ids): UserFilter[] => [
  { groupId, status: "active" },
  { groupId, secondFactor: "none" },
  { invitationExpired: true },
  { mailFailed: true },
  { importId },
  { createdFrom: daysAgo(7) },
  { createdFrom: daysAgo(7), secondFactor: "none" },
  { search: "wolter" },
];
