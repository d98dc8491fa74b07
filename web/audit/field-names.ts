import { fieldName } from "#server/event-words/field-names.ts";
import { type Language, languageNames } from "#server/features/tenants/tenant-settings.ts";
import { type Role, roleNames } from "#server/permissions.ts";
import { secondFactorNames } from "../settings/setting-words.ts";

type Policy = keyof typeof secondFactorNames;

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
  file: "file",
  row: "row",
  people: "people",
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
