import { NativeSelect } from "@mantine/core";
import { type Role, roleNames } from "#server/permissions.ts";

type Props = {
  roles: readonly Role[];
  value: Role;
  onChange: (role: Role) => void;
  error?: string | undefined;
};

const explained: Record<Role, string> = {
  owner: "Everything, including other owners.",
  administrator: "Everything but owners.",
  user_administrator: "Users, groups and imports, of people with the role Member.",
  auditor: "Reads everything, changes nothing.",
  member: "Only their own page. This is right for most people.",
};

/** Only roles this person may give; not there at all where that is no choice. */
export function RoleSelect({ roles, value, onChange, error }: Props) {
  const offered = roles.includes(value) ? roles : [value, ...roles];
  if (offered.length < 2) return null;
  return (
    <NativeSelect
      label="Role"
      description={explained[value]}
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value as Role)}
      data={offered.toReversed().map((role) => ({ value: role, label: roleNames[role] }))}
    />
  );
}
