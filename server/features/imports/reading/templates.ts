import { toCsv } from "#server/platform/http/to-csv.ts";

// Headers only: example people would be imported by everyone who forgets to delete them. The screen shows an example.
const columns = {
  create: ["First name", "Last name", "Email", "Password", "Groups", "Language"],
  invite: ["First name", "Last name", "Email", "Groups", "Language"],
} as const;

/** The User Creation Template or the User Invite Template, as a CSV file. */
export const importTemplate = (kind: "create" | "invite"): string => toCsv([columns[kind]]);
