import type { GroupLabel } from "#server/features/groups/contract.ts";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import type { User } from "#server/features/users/contract.ts";
import { roleNames } from "#server/permissions.ts";
import type { TheirChange } from "../ui/changes-between.ts";

/** What the form of one user holds. */
export type Edited = Pick<User, "firstName" | "lastName" | "email" | "role" | "language"> & {
  groups: readonly GroupLabel[];
};

export const editedOf = ({ firstName, lastName, email, role, language, groups }: User): Edited => ({
  firstName,
  lastName,
  email,
  role,
  language,
  groups,
});

const without = (groups: readonly GroupLabel[], others: readonly GroupLabel[]) => {
  const ids = new Set(others.map((group) => group.id));
  return groups.filter((group) => !ids.has(group.id));
};

const fields = ["firstName", "lastName", "email", "role", "language"] as const;
const words = {
  firstName: "first name",
  lastName: "last name",
  email: "email",
  role: "role",
  language: "language of emails",
  groups: "groups",
};

const trimmed = (value: string | null) => value?.trim() ?? null;

/** Only what differs from how the person was when the form was opened: what is not named stays as it is. */
export function changesSince(base: Edited, now: Edited) {
  const changed = Object.fromEntries(
    fields
      .map((field) => [field, trimmed(now[field])] as const)
      .filter(([field, value]) => value !== base[field]),
  ) as Partial<Pick<Edited, (typeof fields)[number]>>;
  const addGroupIds = without(now.groups, base.groups).map((group) => group.id);
  const removeGroupIds = without(base.groups, now.groups).map((group) => group.id);
  const nothing = Object.keys(changed).length + addGroupIds.length + removeGroupIds.length === 0;
  return { nothing, body: { ...changed, addGroupIds, removeGroupIds } };
}

/** Somebody else's changes with one's own on top of them. */
export function rebase(base: Edited, own: Edited, theirs: Edited): Edited {
  const kept = Object.fromEntries(
    fields.map((field) => [field, own[field] === base[field] ? theirs[field] : own[field]]),
  ) as Omit<Edited, "groups">;
  const removed = without(base.groups, own.groups);
  const added = without(without(own.groups, base.groups), theirs.groups);
  return { ...kept, groups: [...without(theirs.groups, removed), ...added] };
}

const shown = ({ role, language, groups, ...person }: Edited): Record<keyof Edited, string> => ({
  ...person,
  role: roleNames[role],
  language: language ? languageNames[language] : "the organisation's",
  groups:
    groups
      .map((group) => group.name)
      .sort()
      .join(", ") || "none",
});

/** What somebody else changed since the form was opened. */
export function changesOfOthers(base: Edited, theirs: Edited): TheirChange<keyof Edited>[] {
  const [was, is] = [shown(base), shown(theirs)];
  return ([...fields, "groups"] as const)
    .filter((field) => was[field] !== is[field])
    .map((field) => ({ field, label: words[field], before: was[field], now: is[field] }));
}
