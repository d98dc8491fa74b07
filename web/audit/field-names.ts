import { type Role, roleNames } from "#server/permissions.ts";

const names: Record<string, string> = {
  firstName: "first name",
  lastName: "last name",
  email: "email address",
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

/** A value before or after; undefined where there was nothing. */
export function valueWords(value: Value): string | undefined {
  if (value === null || value === "") return undefined;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length > 0 ? value.join(", ") : undefined;
  return roleNames[value as Role] ?? String(value);
}
