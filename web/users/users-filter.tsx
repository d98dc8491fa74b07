import { Button, Checkbox, NativeSelect, Popover, Group as Row, Stack, TextInput } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { type Role, roleNames, roles } from "#server/permissions.ts";
import { ZoneNote } from "../ui/zone-note.tsx";
import { isNarrowed, noFilters, type UsersState } from "./users-state.ts";

type Props = { state: UsersState; change: (next: UsersState) => void };

export const flags = [
  { name: "never", label: "Never signed in" },
  { name: "expired", label: "Invitation expired" },
  { name: "failed", label: "Email failed" },
] as const;

/** What else the list can be narrowed by; every choice counts at once. */
export function UsersFilter({ state, change }: Props) {
  return (
    <Popover position="bottom-start" shadow="md" width={328} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={isNarrowed(state) ? "light" : "default"}
          size="sm"
          fw={400}
          flex="none"
          leftSection={<IconFilter size={14} />}
        >
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filter">
        <Stack gap="sm">
          {flags.map(({ name, label }) => (
            <Checkbox
              key={name}
              label={label}
              checked={state[name] === true}
              onChange={(event) => change({ [name]: event.currentTarget.checked || undefined })}
            />
          ))}
          <NativeSelect
            label="Role"
            value={state.role ?? ""}
            onChange={(event) =>
              change({ role: (event.currentTarget.value || undefined) as Role | undefined })
            }
            data={[
              { value: "", label: "Any role" },
              ...roles.map((role) => ({ value: role, label: roleNames[role] })),
            ]}
          />
          <NativeSelect
            label="Second factor"
            value={state.factor ?? ""}
            onChange={(event) =>
              change({ factor: (event.currentTarget.value || undefined) as UsersState["factor"] })
            }
            data={[
              { value: "", label: "Set up or not" },
              { value: "set_up", label: "Set up" },
              { value: "none", label: "None" },
            ]}
          />
          <Row grow gap="xs" wrap="nowrap">
            <Day
              label="Added from"
              value={state.from}
              most={state.until}
              onPick={(from) => change({ from })}
            />
            <Day label="until" value={state.until} least={state.from} onPick={(until) => change({ until })} />
          </Row>
          <ZoneNote />
          {isNarrowed(state) && (
            <Button variant="subtle" size="compact-sm" onClick={() => change(noFilters)}>
              Clear all
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

type DayProps = {
  label: string;
  value: string | undefined;
  least?: string | undefined;
  most?: string | undefined;
  onPick: (day: string | undefined) => void;
};

const Day = ({ label, value, least, most, onPick }: DayProps) => (
  <TextInput
    type="date"
    label={label}
    value={value ?? ""}
    min={least}
    max={most}
    onChange={(event) => onPick(event.currentTarget.value || undefined)}
  />
);
