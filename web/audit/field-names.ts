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

type Value = string | number | boolean | null | readonly (string | number)[];

/** A field's value before or after; undefined where there was nothing. */
export function valueWords(value: Value, field: string): string | undefined {
  if (value === null || value === "") return undefined;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length > 0 ? value.join(", ") : undefined;
  if (field === "language") return languageNames[value as Language] ?? String(value);
  if (field === "secondFactor") return secondFactorNames[value as Policy] ?? String(value);
  return roleNames[value as Role] ?? String(value);
}
