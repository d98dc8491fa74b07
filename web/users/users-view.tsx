import { Button, Checkbox, NativeSelect, Popover, Stack, Text } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import type { UserSort } from "#server/features/users/contract.ts";
import { columnsText, shownColumns, userColumns } from "./user-columns.tsx";
import type { UsersState } from "./users-state.ts";

const orders: { value: UserSort; label: string }[] = [
  { value: "name", label: "Last name, A to Z" },
  { value: "-name", label: "Last name, Z to A" },
  { value: "email", label: "Email, A to Z" },
  { value: "-email", label: "Email, Z to A" },
  { value: "-created", label: "Added, latest first" },
  { value: "created", label: "Added, earliest first" },
  { value: "-lastSignIn", label: "Last sign-in, latest first" },
  { value: "lastSignIn", label: "Last sign-in, never first" },
];

type Props = { state: UsersState; change: (next: UsersState) => void };

/** Which columns there are and the order, which the heads of the columns set too. */
export function UsersView({ state, change }: Props) {
  const shown = shownColumns(state.columns).map(({ id }) => id);
  return (
    <Popover position="bottom-end" shadow="md" width={240} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          fw={400}
          flex="none"
          leftSection={<IconAdjustmentsHorizontal size={14} />}
        >
          View
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="View">
        <Stack gap="sm">
          <NativeSelect
            label="Order"
            value={state.sort ?? "name"}
            onChange={(event) => change({ sort: sortText(event.currentTarget.value as UserSort) })}
            data={orders}
          />
          <Text size="sm" fw={500} id="users-columns">
            Columns
          </Text>
          <Checkbox.Group
            aria-labelledby="users-columns"
            value={shown}
            onChange={(ids) => change({ columns: columnsText(ids as typeof shown), cursor: state.cursor })}
          >
            <Stack gap="xs">
              {userColumns.map(({ id, label }) => (
                <Checkbox key={id} value={id} label={label} />
              ))}
            </Stack>
          </Checkbox.Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** The usual order is not said. */
export const sortText = (sort: UserSort) => (sort === "name" ? undefined : sort);
