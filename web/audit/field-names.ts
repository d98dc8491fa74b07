import { type Language, languageNames } from "#server/features/tenants/tenant-settings.ts";
import { type Role, roleNames } from "#server/permissions.ts";
import { secondFactorNames } from "../settings/setting-words.ts";

type Policy = keyof typeof secondFactorNames;

const names: Record<string, string> = {
  firstName: "first name",
  lastName: "last name",
  email: "email address",
  language: "language of emails",
  active: "active",
  protected: "protection",
  accent: "accent colour",
  replyTo: "where answers go",
  mailsPerAddress: "emails to one address a day",
  sendPasswords: "mailing of temporary passwords",
  invitationDays: "days that links work",
  reminderDays: "days of reminders",
  passkeySignIn: "sign-in with a passkey alone",
  renewInvitations: "renewal of expired invitations",
  temporaryPasswordDays: "days that temporary passwords work",
  passwordMinimum: "shortest password",
  sessionHours: "hours until signed out when idle",
  sessionDays: "days until signed out in any case",
  auditMonths: "months of the audit log",
  deletedDays: "days that deleted users can be restored",
  importRowDays: "days of import rows that made nobody",
  changedPercent: "limit of changed people",
  emails: "limit of emails",
  newGroups: "limit of new groups",
  fromAddress: "sender's address",
  host: "server",
  security: "encryption",
};

/** A field as people call it: `firstName` → first name. */
export const fieldName = (field: string): string =>
  names[field] ?? field.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

/** Numbers of an event. What an event counts as groups are those that it deleted. */
const details: Record<string, string> = {
  importId: "import",
  rows: "rows",
  emails: "emails",
  ready: "rows not imported",
  update: "rows not imported that change people",
  existing: "rows of users who stay as they are",
  duplicate: "rows twice in the file",
  problem: "rows with problems",
  unknown_group: "rows with unknown groups",
  created: "people created",
  invited: "people invited",
  suspended: "people created, suspended",
  updated: "people changed",
  unchanged: "people unchanged",
  changed: "people changed",
  refused: "left as they are",
  skipped: "rows of people who became users meanwhile",
  conflict: "rows of people or groups changed meanwhile",
  erased: "people erased",
  emailed: "emailed before",
  restored: "people changed back",
  undone: "people as before",
  kept: "left as they are",
  groups: "groups deleted",
  members: "members",
};

/** What an event says besides, as people call it: `undone` → people as before. */
export const detailName = (detail: string): string => details[detail] ?? fieldName(detail);

type Value = string | number | boolean | null | readonly (string | number)[];

/** A field's value before or after; undefined where there was nothing. */
export function valueWords(value: Value, field: string): string | undefined {
  if (value === null || value === "") return undefined;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length > 0 ? value.join(", ") : undefined;
  if (field === "language") return languageNames[value as Language] ?? String(value);
  // What is required of a tenant's people, or which of them were exported.
  if (field === "secondFactor") return secondFactorNames[value as Policy] ?? String(value).replace("_", " ");
  return roleNames[value as Role] ?? String(value);
}
